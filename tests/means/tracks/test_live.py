"""The live map as a value: whatever comes in whatever order, a screen shows the newest of all it may see, and no more."""

from __future__ import annotations

import asyncio
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from liandong.means.tracks.live import Live, Sight, View, Watch, cell_of, is_in
from liandong.means.tracks.points import ENTRY, HEADER, KINDS, Point

AREAS = ("990101", "990102", "990103")
points = st.builds(
    Point,
    carrier_id=st.integers(0, 4).map(lambda number: UUID(int=number)),
    kind=st.sampled_from([kind.value for kind in KINDS]),
    area_code=st.sampled_from(AREAS),
    task_id=st.none(),
    at_ms=st.integers(0, 20),
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
)
views = st.none() | st.tuples(st.floats(-180, 0), st.floats(-90, 0), st.floats(0, 180), st.floats(0, 90))
sights = st.tuples(st.frozensets(st.sampled_from(AREAS)), views)
moves = st.one_of(
    st.tuples(st.just("come"), st.lists(points, max_size=4)),
    st.tuples(st.just("tick"), st.none()),
    st.tuples(st.just("read"), st.none()),
    st.tuples(st.just("look"), sights),
)


class Screen:
    """What somebody has on his wall."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.shows: dict[UUID, int] = {}

    def read(self) -> None:
        """The frame that waits has come, if one does."""
        if self.watch.has_frame:
            body = asyncio.run(self.watch.take())
            _, is_whole, _, count = HEADER.unpack_from(body)
            entries = list(ENTRY.iter_unpack(body[HEADER.size :]))
            assert len(entries) == count
            if is_whole:
                self.shows.clear()
            self.shows |= {UUID(bytes=entry[0]): entry[4] for entry in entries}


@settings(deadline=None)
@given(sight=sights, story=st.lists(moves, max_size=30))
def test_a_screen_that_has_caught_up_shows_the_newest_of_all_it_may_see(
    sight: Sight, story: list[tuple[str, object]]
) -> None:
    live, newest = Live(), dict[UUID, Point]()
    screen = Screen(Watch(*sight))
    live.join(screen.watch)
    for what, more in story:
        if what == "come":
            live.take(more)  # type: ignore[arg-type]
            for point in more:  # type: ignore[attr-defined]
                if point.carrier_id not in newest or newest[point.carrier_id].at_ms < point.at_ms:
                    newest[point.carrier_id] = point
        elif what == "tick":
            live.tick()
        elif what == "read":
            screen.read()
        else:
            screen.watch.look_at(*more)  # type: ignore[misc]
    for _ in range(3):  # what waits, the whole that was missed, and what changed since
        screen.read()
        live.tick()
    screen.read()
    seen = {point.carrier_id: point.at_ms for point in newest.values() if is_in(cell_of(point), screen.watch.sight)}
    assert {who: at for who, at in screen.shows.items() if who in seen} == seen
    gone = set(screen.shows) - set(seen)  # was in sight once, and has moved out of it: its last place in sight stays
    assert all(is_in(cell_of(newest[who]), screen.watch.sight) is False for who in gone)


@settings(deadline=None)
@given(points)
def test_what_a_screen_may_not_see_is_in_no_frame_of_its(point: Point) -> None:
    live = Live()
    stranger = Screen(Watch(frozenset(AREAS) - {point.area_code}))
    live.join(stranger.watch)
    live.take([point])
    live.tick()
    stranger.read()
    assert stranger.shows == {}


def test_what_everybody_sees_is_encoded_once() -> None:
    live = Live()
    watches = [Watch(frozenset(AREAS)) for _ in range(3)]
    for watch in watches:
        live.join(watch)
    for turn in (1, 2):  # the whole for those who joined, and what changed since
        live.take([at(turn)])
        live.tick()
        first, *others = [asyncio.run(watch.take()) for watch in watches]
        assert all(frame is first for frame in others)


def test_a_slow_screen_misses_the_middle_and_is_given_the_whole() -> None:
    live, screen = Live(), Screen(Watch(frozenset(AREAS)))
    live.join(screen.watch)
    live.tick()
    for turn in range(1, 6):
        live.take([at(turn), at(turn, who=turn)])
        live.tick()  # nobody reads
    screen.read()
    assert screen.shows == {}  # the frame of the beginning
    live.tick()
    screen.read()
    assert screen.shows == {UUID(int=who): who for who in (1, 2, 3, 4)} | {UUID(int=5): 5, UUID(int=0): 5}


def test_what_was_not_heard_of_for_long_is_forgotten() -> None:
    live, screen = Live(), Screen(Watch(frozenset(AREAS)))
    live.take([at(5, who=1), at(9, who=2)])
    live.forget_before(6)
    live.join(screen.watch)
    live.tick()
    screen.read()
    assert screen.shows == {UUID(int=2): 9}


def test_a_view_is_sent_by_squares() -> None:
    view: View = (117.0, 36.0, 117.05, 36.05)
    inside, outside = at(1, lon=117.09, lat=36.0), at(1, lon=117.2, lat=36.0)
    assert is_in(cell_of(inside), (frozenset(AREAS), view))  # the square that the view touches
    assert not is_in(cell_of(outside), (frozenset(AREAS), view))


def at(at_ms: int, who: int = 0, lon: float = 117.0, lat: float = 36.0) -> Point:
    return Point(UUID(int=who), "officer", AREAS[0], None, at_ms, lon, lat)

"""Cuts what one stream sends into segments, at key frames, without touching a frame. Nothing here waits for anything."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from liandong.kernel.ids import new_id
from liandong.means.film.segments import Sample
from liandong.means.video.recordings import Cut

SEGMENT_MS = 4_000
"""A segment ends at the first key frame after this long: it is what a relay that is killed loses of a stream."""
LARGEST_SEGMENT, LONGEST_SEGMENT_MS = 16 * 1024 * 1024, 60_000
"""What is held of a stream in memory; beyond it the recording goes on at the next key frame."""
CLOCK_SET_MS = 2_000
"""A time of day that differs from the film's by more was set meanwhile: a new run begins with it."""
NO_KEY_FRAME = "video.recording_no_key_frame"


class Recorder:
    """One stream while one sender sends it. `file` takes a segment, `lose` hears of what was left out; neither waits."""

    def __init__(self, stream_id: UUID, file: Callable[[Cut], None], lose: Callable[[UUID, str], None]) -> None:
        self._stream_id, self._file, self._lose = stream_id, file, lose
        self._run_id = new_id()
        self._number = 0
        self._began_ms = 0
        self._initialisation = b""
        self._samples: list[Sample] = []
        self._size = 0

    def take(self, initialisation: bytes, sample: Sample, zero_ms: float) -> None:
        """A frame of the stream, whose time added to `zero_ms` is the time of day (ms since 1970).

        Frames before the first key frame of a run are left out: nobody could see them.
        """
        if self._samples and (initialisation != self._initialisation or sample.at_ms != self._end_ms):
            self.end()
        if sample.is_key and self._samples and self._length_ms >= SEGMENT_MS:
            self._cut(round(zero_ms + sample.at_ms))
        if not self._samples:
            if not sample.is_key:
                return
            if self._number == 0:
                self._began_ms = round(zero_ms + sample.at_ms)
            self._initialisation = initialisation
        self._samples.append(sample)
        self._size += len(sample.data)
        if self._size > LARGEST_SEGMENT or self._length_ms > LONGEST_SEGMENT_MS:
            self.end()
            self._lose(self._stream_id, NO_KEY_FRAME)

    def end(self) -> None:
        """What was taken is filed; whatever comes next is another run."""
        if self._samples:
            self._file_until(self._began_ms + self._length_ms)
        self._run_id, self._number = new_id(), 0

    def _cut(self, until_ms: int) -> None:
        """A segment ends where the next begins; the clock of whoever sends may run a little faster or slower than ours."""
        if abs(until_ms - self._began_ms - self._length_ms) > CLOCK_SET_MS:
            self.end()
            return
        self._file_until(until_ms)
        self._number += 1
        self._began_ms = until_ms

    def _file_until(self, ended_ms: int) -> None:
        samples, self._samples = tuple(self._samples), []
        size, self._size = self._size + len(self._initialisation), 0
        began = self._began_ms
        self._file(
            Cut(self._stream_id, self._run_id, self._number, began, ended_ms, self._initialisation, samples, size)
        )

    @property
    def _end_ms(self) -> int:
        return self._samples[-1].at_ms + self._samples[-1].duration_ms

    @property
    def _length_ms(self) -> int:
        return self._end_ms - self._samples[0].at_ms

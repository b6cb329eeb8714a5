/** The camera's pictures one by one. Whoever takes one closes it. */
type Take = (frame: VideoFrame) => void;

interface TrackProcessor { readable: ReadableStream<VideoFrame> }
declare const MediaStreamTrackProcessor: { new (options: { track: MediaStreamTrack; maxBufferSize?: number }): TrackProcessor } | undefined;

/** Pictures of this camera go to `take` until the returned function is called. */
export function framesOf(camera: MediaStream, take: Take): () => void {
  const [track] = camera.getVideoTracks();
  if (!track) return () => undefined;
  return typeof MediaStreamTrackProcessor === "undefined" ? byElement(camera, take) : byProcessor(track, take);
}

function byProcessor(track: MediaStreamTrack, take: Take): () => void {
  const reader = new MediaStreamTrackProcessor!({ track, maxBufferSize: 2 }).readable.getReader();
  const pump = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      take(value);
    }
  };
  void pump().catch(() => undefined); // ended: the track says so too
  return () => void reader.cancel().catch(() => undefined);
}

/** For browsers that give no frames of a track outside workers (Safari): as a video element shows them. */
function byElement(camera: MediaStream, take: Take): () => void {
  const video = document.createElement("video");
  video.muted = video.playsInline = true;
  video.srcObject = camera;
  let isOver = false;
  const next = (): void => {
    if (isOver) return;
    take(new VideoFrame(video, { timestamp: Math.round(performance.now() * 1000) }));
    video.requestVideoFrameCallback(next);
  };
  video.requestVideoFrameCallback(next);
  void video.play().catch(() => undefined);
  return () => {
    isOver = true;
    video.srcObject = null;
  };
}

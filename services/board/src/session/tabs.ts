// The other tabs of this browser: they have the same session, so they are told of its end.
type News = "begun" | "ended";

const channel = new BroadcastChannel("bairi.session");

export function tellOtherTabs(news: News): void {
  channel.postMessage(news);
}

export function hearOtherTabs(hear: (news: News) => void): void {
  channel.onmessage = ({ data }: MessageEvent<News>) => hear(data);
}

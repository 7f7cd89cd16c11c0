import { useEffect, useRef, useState } from 'preact/hooks';
import { openId } from '../searching.js';
import { dark, hits, info, mapColor, mapData, mapProblem, mapView, outcome } from '../state.js';

const mostKinds = 19;
const colorOf = (data) => data.fields.some((field) => field.name === mapColor.peek()) ? mapColor.peek()
  : data.color ?? data.fields.find((field) => field.kind === 'category' && field.categories.length > 1 && field.categories.length <= mostKinds)?.name;

/** The collection's map in a frame; hits light up in it, and a click on one point opens its document. */
export const MapPane = () => {
  const frame = useRef(null);
  const [ready, setReady] = useState(false);
  const data = mapData.value;
  const send = (message) => frame.current?.contentWindow.postMessage(message, '*');
  const lit = () => {
    if (!data || !outcome.value.isSearch) return [];
    const at = new Map(data.ids.map((id, i) => [id, i]));
    return hits.value.map((hit) => at.get(hit.id)).filter((point) => point !== undefined);
  };

  useEffect(() => {
    const hear = ({ source, data: message }) => {
      if (source !== frame.current?.contentWindow) return;
      if (message.kind === 'ready') setReady(true);
      else if (message.kind === 'view') mapView.value = message.view;
      else if (message.kind === 'color') mapColor.value = message.color;
      else if (message.kind === 'selected' && message.points.length === 1) openId(mapData.value.ids[message.points[0]]);
    };
    addEventListener('message', hear);
    return () => removeEventListener('message', hear);
  }, []);
  useEffect(() => {
    if (ready && data) send({ kind: 'show', selected: lit(), data: { ...data, color: colorOf(data), theme: dark.value ? 'dark' : 'light', view: mapView.peek() } });
  }, [ready, data]);
  useEffect(() => { if (ready && data) send({ kind: 'select', points: lit() }); }, [ready, hits.value]);
  useEffect(() => { if (ready && data) send({ kind: 'theme', dark: dark.value }); }, [ready, dark.value]);

  return (
    <section class="map" aria-label="Map of the collection">
      {mapProblem.value ? <p class="problem" role="alert">{mapProblem.value}</p> : null}
      {!data && !mapProblem.value ? <p class="status" role="status">Drawing {Number(info.value?.documents ?? 0).toLocaleString('en')} points…</p> : null}
      <iframe ref={frame} src="map/frame.html" sandbox="allow-scripts allow-downloads" title="Map of the collection" hidden={!data} />
    </section>
  );
};

import { parseUpTopic, type UpTopic } from '@wattproof/contracts/mqtt';

/** Topics kept; a gateway has four. */
const keptMax = 20_000;
const kept = new Map<string, UpTopic | undefined>();

/** `parseUpTopic` with a memory: a few thousand topics come again and again. */
export function upTopicOf(topic: string): UpTopic | undefined {
  const known = kept.get(topic);
  if (known || kept.has(topic)) return known;
  if (kept.size >= keptMax) kept.clear();
  const parsed = parseUpTopic(topic);
  kept.set(topic, parsed);
  return parsed;
}

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { brokerAddress, publishLine, shellWord } from './publish-line.ts';

/** The words that a real shell makes of a line. */
const wordsOf = (line: string): string[] =>
  execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');

describe('line to publish with', () => {
  it('takes host and port from the address, with the standard port where none is written', () => {
    expect(brokerAddress('mqtt://127.0.0.1:24312')).toEqual({
      host: '127.0.0.1',
      port: 24312,
      isEncrypted: false,
    });
    expect(brokerAddress('mqtts://energy.example')).toEqual({
      host: 'energy.example',
      port: 8883,
      isEncrypted: true,
    });
    expect(brokerAddress('mqtt://[::1]:1900/').host).toBe('::1');
    expect(() => brokerAddress('http://x')).toThrow(/Not an MQTT address/);
  });

  it('survives the shell with quotes and spaces in keys and passwords', () => {
    const words = wordsOf(
      publishLine({
        mqttUrl: 'mqtts://broker.example:8884',
        username: 'plc-1',
        password: "a'b $c",
        topic: 'wattproof/v1/2/plc-1/up/readings',
        meterKey: "Four à l'étage",
        measurand: 'volume_l',
      }),
    );
    expect(words[words.indexOf('-P') + 1]).toBe("a'b $c");
    expect(words[words.indexOf('-p') + 1]).toBe('8884');
    expect(words).toContain('--tls-use-os-certs');
    expect(JSON.parse(words.at(-1) ?? '')).toEqual({
      meter: "Four à l'étage",
      values: { volume_l: 123456 },
    });
  });

  it('leaves plain words unquoted', () => {
    expect(shellWord('wattproof/v1/0/a-b/up/readings')).toBe('wattproof/v1/0/a-b/up/readings');
    expect(shellWord('')).toBe("''");
  });
});

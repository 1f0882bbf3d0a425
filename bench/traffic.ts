import type { Call } from '../sandbox/common/call-log';
import { pathPattern } from '../sandbox/zendesk/control-routes';

/** Calls of one endpoint. */
export interface EndpointCount {
	/** `Zendesk` or `OroCRM`. */
	system: string;
	/** `GET /api/v2/tickets/{id}/comments` */
	endpoint: string;
	requests: number;
	bytesSent: number;
	bytesReceived: number;
}

/** What went over the wire, as the practice servers counted it: the same for whoever made the requests. */
export interface Traffic {
	endpoints: EndpointCount[];
	/** Without requests for tokens. */
	requests: number;
	bytesSent: number;
	bytesReceived: number;
	/** From the first request to the last answer. */
	seconds: number;
	/** Of these, how long there was no request under way, counting only pauses of a second or more: mostly waiting for a limit. */
	pausedSeconds: number;
	/** Answers 429. */
	refused: number;
}

const SHORTEST_PAUSE = 1_000;

const isToken = (call: Call): boolean => /^\/oauth/.test(call.path);

/** Counts the calls of both systems. */
export function trafficOf(systems: Record<string, readonly Call[]>): Traffic {
	const endpoints = new Map<string, EndpointCount>();
	const all: Call[] = [];
	for (const [system, calls] of Object.entries(systems)) {
		for (const call of calls) {
			if (isToken(call)) continue;
			all.push(call);
			const endpoint = pathPattern(call);
			const key = `${system} ${endpoint}`;
			const count = endpoints.get(key) ?? { system, endpoint, requests: 0, bytesSent: 0, bytesReceived: 0 };
			count.requests += 1;
			count.bytesSent += call.requestBytes;
			count.bytesReceived += call.responseBytes;
			endpoints.set(key, count);
		}
	}
	const sum = (value: (count: EndpointCount) => number): number =>
		[...endpoints.values()].reduce((total, count) => total + value(count), 0);
	const { seconds, pausedSeconds } = timesOf(all);
	return {
		endpoints: [...endpoints.values()],
		requests: all.length,
		bytesSent: sum((count) => count.bytesSent),
		bytesReceived: sum((count) => count.bytesReceived),
		seconds,
		pausedSeconds,
		refused: all.filter((call) => call.status === 429).length,
	};
}

function timesOf(calls: readonly Call[]): Pick<Traffic, 'seconds' | 'pausedSeconds'> {
	const inOrder = [...calls].sort((a, b) => a.began - b.began);
	if (inOrder.length === 0) return { seconds: 0, pausedSeconds: 0 };
	let busyUntil = inOrder[0].began;
	let paused = 0;
	for (const { began, ended } of inOrder) {
		if (began - busyUntil >= SHORTEST_PAUSE) paused += began - busyUntil;
		busyUntil = Math.max(busyUntil, ended);
	}
	return { seconds: (busyUntil - inOrder[0].began) / 1_000, pausedSeconds: paused / 1_000 };
}

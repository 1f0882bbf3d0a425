import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One recorded exchange with OroCRM 6.1.11. */
export interface Recording {
	name: string;
	about: string;
	request: { method: string; path: string; headers: Record<string, string>; body: unknown; rawBody?: string };
	response: { status: number; headers: Record<string, string>; body: unknown };
}

const FOLDER = join(__dirname, '..', 'recordings');

export function recordingNames(): string[] {
	return readdirSync(FOLDER)
		.filter((file) => file.endsWith('.json'))
		.map((file) => file.slice(0, -'.json'.length))
		.sort();
}

export function loadRecording(name: string): Recording {
	return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Recording;
}

/** A resource object or identifier anywhere in a recorded body. */
export interface RecordedObject {
	type: string;
	id: string;
	attributes?: Record<string, unknown>;
	relationships?: Record<string, { data?: Identifier | Identifier[] | null }>;
	meta?: Record<string, unknown>;
}

export interface Identifier {
	type: string;
	id: string;
}

/** The primary and included resource objects of a recorded answer. */
export function objectsOf(body: unknown): RecordedObject[] {
	const document = (body ?? {}) as { data?: RecordedObject | RecordedObject[] | null; included?: RecordedObject[] };
	const data = Array.isArray(document.data) ? document.data : document.data ? [document.data] : [];
	return [...data, ...(document.included ?? [])].filter((object) => typeof object.type === 'string');
}

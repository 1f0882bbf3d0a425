import type { Api } from './api';
import { invalidCursor, missingStartTime, startTimeTooRecent } from './errors';
import type { ExportIndex, ExportPosition } from './export-index';
import { address, type Query } from './paging';
import { epochSeconds } from './time';

/** The paging of both kinds of incremental export (zendesk-api.md §3, §4). */

const MAX_ROWS = 1000;

export interface ExportSource<T> {
	index: ExportIndex;
	row: (id: number) => T;
	/** The second by which the row is ordered. */
	timestamp: (row: T) => number;
	accept: (row: T) => boolean;
	path: string;
}

export interface CursorExport<T> {
	rows: T[];
	after_url: string | null;
	before_url: null;
	after_cursor: string | null;
	before_cursor: null;
	end_of_stream: boolean;
}

/** An empty page has no cursor: the client keeps the one it had. A full page says that the stream goes on, even if it does not. */
export function cursorExport<T extends { id: number }>(
	api: Api,
	source: ExportSource<T>,
	query: Query,
): CursorExport<T> {
	const limit = rowLimit(query);
	const from = query.cursor === undefined ? { timestamp: startTime(api, query), id: 0 } : readCursor(query.cursor);
	const rows = read(api, source, from, query.cursor === undefined, limit);
	const last = rows[rows.length - 1];
	const after_cursor = last ? writeCursor(source.timestamp(last), last.id) : null;
	const { start_time: _start, cursor: _cursor, ...others } = query;
	return {
		rows,
		after_url: after_cursor ? address(api.baseUrl(), source.path, { ...others, cursor: after_cursor }) : null,
		before_url: null,
		after_cursor,
		before_cursor: null,
		end_of_stream: rows.length < limit,
	};
}

export interface TimeExport<T> {
	rows: T[];
	next_page: string | null;
	count: number;
	end_of_stream: boolean;
	end_time: number | null;
}

/** A page of one second only is extended to all rows of that second and ends one later; any other ends with its last second. */
export function timeExport<T extends { id: number }>(api: Api, source: ExportSource<T>, query: Query): TimeExport<T> {
	const limit = rowLimit(query);
	const start = { timestamp: startTime(api, query), id: 0 };
	let rows = read(api, source, start, true, limit);
	if (rows.length === 0) return { rows, next_page: null, count: 0, end_of_stream: true, end_time: null };
	const full = rows.length >= limit;
	const first = source.timestamp(rows[0]);
	let end_time = source.timestamp(rows[rows.length - 1]);
	if (first === end_time) {
		rows = read(api, source, start, true, Infinity, first);
		end_time += 1;
	}
	const next_page = address(api.baseUrl(), source.path, { ...query, start_time: String(end_time) });
	return { rows, next_page, count: rows.length, end_of_stream: !full, end_time };
}

function read<T>(
	api: Api,
	source: ExportSource<T>,
	from: ExportPosition,
	inclusive: boolean,
	limit: number,
	upTo = Infinity,
): T[] {
	const newest = epochSeconds(api.clock.now()) - api.exportDelaySeconds;
	const ids = source.index.page(from, inclusive, Math.min(upTo, newest), limit, (id) => source.accept(source.row(id)));
	return ids.map(source.row);
}

function rowLimit(query: Query): number {
	const wanted = Number(query.per_page);
	return Number.isInteger(wanted) && wanted > 0 ? Math.min(wanted, MAX_ROWS) : MAX_ROWS;
}

function startTime(api: Api, query: Query): number {
	if (!/^\d+$/.test(query.start_time ?? '')) throw missingStartTime();
	const start = Number(query.start_time);
	if (start > epochSeconds(api.clock.now()) - api.exportDelaySeconds) throw startTimeTooRecent(api.exportDelaySeconds);
	return start;
}

/** The recorded form: base64 of `1695052663.0||28|`. */
export function writeCursor(timestamp: number, id: number): string {
	return Buffer.from(`${timestamp}.0||${id}|`).toString('base64');
}

function readCursor(cursor: string): ExportPosition {
	const parts = /^(\d+)(?:\.\d+)?\|\|(\d+)\|$/.exec(Buffer.from(cursor, 'base64').toString('utf8'));
	if (!parts) throw invalidCursor();
	return { timestamp: Number(parts[1]), id: Number(parts[2]) };
}

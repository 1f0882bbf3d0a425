import { randomBytes } from 'node:crypto';
import type { Clock } from '../common/clock';
import { PRACTICE_READ_TOKENS, PRACTICE_READ_WRITE_TOKENS } from './credentials';

export interface TokenPair {
	accessToken: string;
	/** Null for client credentials: the client asks again instead. */
	refreshToken: string | null;
	scope: string;
	userId: number;
	/** Milliseconds since 1970; null: never. */
	accessUntil: number | null;
	refreshUntil: number;
}

export interface AuthorizationCode {
	code: string;
	clientId: string;
	redirectUri: string;
	scope: string;
	userId: number;
	challenge: string | undefined;
	until: number;
}

/** A code is good for 120 seconds, a refresh token for 30 days unless asked otherwise (Zendesk: Create Token for Grant Type). */
const CODE_MILLISECONDS = 120_000;
export const REFRESH_SECONDS = 2_592_000;

/** OAuth tokens and codes in use. Refreshing makes a new pair and ends the old one (zendesk-api.md §1). */
export class Tokens {
	private readonly byAccess = new Map<string, TokenPair>();
	private readonly byRefresh = new Map<string, TokenPair>();
	private readonly codes = new Map<string, AuthorizationCode>();

	constructor(
		private readonly clock: Clock,
		/** How long access tokens live unless a request asks for less or more. */
		readonly accessSeconds: number,
		/** Called with each new pair: a rotated refresh token that is lost in a crash would lock its owner out. */
		private readonly onIssue: () => void = () => {},
	) {}

	/** Ends every token and code; the ready pairs are there again. */
	reset(userId: number): void {
		for (const known of [this.byAccess, this.byRefresh, this.codes]) known.clear();
		this.addReadyPairs(userId);
	}

	/** The ready pairs: their access tokens live as long as others, counted from the start. */
	addReadyPairs(userId: number): void {
		for (const pair of [PRACTICE_READ_TOKENS, PRACTICE_READ_WRITE_TOKENS]) {
			this.keep({ ...pair, userId, ...this.lifetimes() });
		}
	}

	issue(
		userId: number,
		scope: string,
		wanted: { accessSeconds?: number; refreshSeconds?: number; refreshable?: boolean } = {},
	): TokenPair {
		const pair: TokenPair = {
			accessToken: randomBytes(32).toString('hex'),
			refreshToken: wanted.refreshable === false ? null : randomBytes(32).toString('hex'),
			scope,
			userId,
			...this.lifetimes(wanted.accessSeconds, wanted.refreshSeconds),
		};
		this.keep(pair);
		this.onIssue();
		return pair;
	}

	find(accessToken: string): TokenPair | undefined {
		const pair = this.byAccess.get(accessToken);
		if (!pair || (pair.accessUntil !== null && pair.accessUntil <= this.now())) return undefined;
		return pair;
	}

	findRefresh(refreshToken: string): TokenPair | undefined {
		const pair = this.byRefresh.get(refreshToken);
		return pair && pair.refreshUntil > this.now() ? pair : undefined;
	}

	end(pair: TokenPair): void {
		this.byAccess.delete(pair.accessToken);
		if (pair.refreshToken !== null) this.byRefresh.delete(pair.refreshToken);
	}

	/** Makes all access tokens expire now; refresh tokens stay good. For tests of expiry. */
	expireAccessTokens(): void {
		for (const pair of this.byAccess.values()) pair.accessUntil = this.now();
	}

	addCode(code: Omit<AuthorizationCode, 'code' | 'until'>): AuthorizationCode {
		const row = { ...code, code: randomBytes(24).toString('hex'), until: this.now() + CODE_MILLISECONDS };
		this.codes.set(row.code, row);
		return row;
	}

	/** A code works once. */
	takeCode(code: string): AuthorizationCode | undefined {
		const row = this.codes.get(code);
		this.codes.delete(code);
		return row && row.until > this.now() ? row : undefined;
	}

	data(): TokenPair[] {
		return [...this.byAccess.values()];
	}

	fill(pairs: TokenPair[]): void {
		for (const pair of pairs) this.keep(pair);
	}

	private keep(pair: TokenPair): void {
		this.byAccess.set(pair.accessToken, pair);
		if (pair.refreshToken !== null) this.byRefresh.set(pair.refreshToken, pair);
	}

	private lifetimes(accessSeconds = this.accessSeconds, refreshSeconds = REFRESH_SECONDS) {
		return {
			accessUntil: this.now() + accessSeconds * 1000,
			refreshUntil: this.now() + refreshSeconds * 1000,
		};
	}

	private now(): number {
		return this.clock.now().getTime();
	}
}

import type { Clock } from '../common/clock';
import type { OroVersion } from './version';

/** How a practice OroCRM is set up. Every switch of orocrm-api.md §8 is here. */
export interface PracticeOroCrmOptions {
	/** 0 takes any free port. */
	port?: number;
	host?: '127.0.0.1';
	clock?: Clock;
	/** The data are kept in this file; without it they are gone at the end. */
	dataFile?: string;
	/** `none`: dictionaries, organization, users admin and rep. `showcase`: people, accounts and a few cases to look at. */
	seed?: 'none' | 'showcase';
	/** Default 6.1.11, the release that was measured. */
	version?: OroVersion;
	/** With the additions of `orocrm-overlay/zendesk_sync.yml`. Default false. */
	overlay?: boolean;
	/** `/admin/api` is OroCommerce's (orocrm-api.md §1.1). */
	apiPath?: '/api' | '/admin/api';
	/** False: the Web API is off, every call is 404 (§1.1). */
	webApi?: boolean;
	/** Lifetime of access tokens. Default 3600. */
	accessTokenSeconds?: number;
	/** Cut of to-many relationships. Default 100 in 5.1, else 1000 (§2.1). */
	maxRelated?: number;
	/** Links in answers. Default true (§2.1). */
	hateoas?: boolean;
	/** How long the search index lags behind. Default 2000 ms (§9). */
	searchLagMs?: number;
	/** Wait between the check of a write and the write, to make races on `externalId` happen (§3.1). Default 0. */
	raceWindowMs?: number;
	/** Records with the same originId and no channel are accepted. Default true (§3.6). */
	nullChannelDuplicates?: boolean;
	/** `updatedAt` of a new case is null. Default true (§3.1). */
	newCaseUpdatedAtNull?: boolean;
	/** A text longer than its column is a 500. Default true (§1.5); false cuts it. */
	failWhenTooLong?: boolean;
	/** Nulls come first in ascending order. Default true (§2.1). */
	nullsFirst?: boolean;
	/** Resources that an administrator made webhook-accessible. Stock: none (§5). */
	webhookTypes?: string[];
	/** Time until a webhook is first sent. Default 700 ms (§5). */
	webhookDelayMs?: number;
	/** Time between two tries. Default 10000 ms (webhooks.retries.md). */
	webhookRetryMs?: number;
	/** Time until an asynchronous batch is worked off. Default 2000 ms (§4.3). */
	batchDelayMs?: number;
	/** MIME types, or endings as `.exe`, that are refused as files: 400. Default none; `store.fileRules` changes it later. */
	refusedFileTypes?: string[];
	/** Files over this size are refused: 400. Default 10 MB. */
	largestFileBytes?: number;
}

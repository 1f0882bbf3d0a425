import { zendeskBaseUrl } from '../../zendesk/address';
import { PRACTICE_VERSIONS, type PracticeOro } from './practice-orocrm';

/** What the environment and the command line say about a live run. */
export interface LiveOptions {
	oro: OroSettings | PracticeOro;
	/** Absent: the practice Zendesk is started within the run. */
	zendesk?: RealZendeskSettings;
	/** Leaves everything that was made, for a look at it. */
	keep: boolean;
	/** Words of which a scenario's name must have one; all scenarios when empty. */
	only: string[];
	/** Only removes what the run with this mark left behind. */
	clean?: string;
}

export interface OroSettings {
	/** Without a slash at its end. */
	url: string;
	apiPath: string;
	clientId: string;
	clientSecret: string;
	/** Id of OroCRM's Zendesk integration; looked for when absent. */
	channel?: string;
}

export interface RealZendeskSettings {
	url: string;
	/** Value of the Authorization header. */
	authorization: string;
}

export const USAGE = `Runs the acceptance scenarios of the sync against a real OroCRM.

  npm run test:live -- [--keep] [--only <words>] [--clean <mark>] [--practice <version>]

Set these variables:
  OROCRM_URL            address of the OroCRM, for example https://crm.example.com
  OROCRM_CLIENT_ID      of an OAuth application with the grant "client credentials"
  OROCRM_CLIENT_SECRET    (System > User Management > OAuth Applications)
and, if they are needed:
  OROCRM_API_PATH       /api, or /admin/api with OroCommerce (default /api)
  OROCRM_CHANNEL_ID     id of OroCRM's Zendesk integration; without it one that is not active is looked for
  ZENDESK_SUBDOMAIN     a real Zendesk account (or its address as ZENDESK_URL) instead of the practice Zendesk,
  ZENDESK_ACCESS_TOKEN    with a token for reading and writing, or with ZENDESK_EMAIL and ZENDESK_API_TOKEN.
                        The run makes tickets and end users in it and deletes them; its triggers may send e-mails
                        to addresses at example.com.
Two-way scenarios write to the Zendesk, practice or real, through the package itself.

Example:
  OROCRM_URL=https://crm.example.com OROCRM_CLIENT_ID=abc OROCRM_CLIENT_SECRET=xyz npm run test:live

Options:
  --keep           leaves what the run made, for a look at it
  --only <words>   only scenarios whose name has one of these words, for example --only "comments deleted",
                   or all that write to Zendesk: --only two-way
  --clean <mark>   only removes what an earlier run left behind; its mark is in its output, for example live-0f3k9a
  --practice <version>  needs no OroCRM and no variables: a practice one plays this version, ${PRACTICE_VERSIONS.join(', ')},
                   with the overlay as for example 6.1.11+overlay
  --help           this text

Everything that the run makes carries its mark and is removed at the end, also after a failure or Ctrl-C.
Exit code: 0 all passed, 1 something failed or was left behind, 2 variables are missing.`;

/** A mistake in variables or arguments, in words. */
export class UsageError extends Error {}

/** Reads arguments and variables; undefined when only the help is wanted. Throws a {@link UsageError}. */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): LiveOptions | undefined {
	const flags = readFlags(args);
	if (flags.help) return undefined;
	const { help: _help, practice, ...kept } = flags;
	return { oro: practice ?? readOro(env), zendesk: readZendesk(env), ...kept };
}

function readOro(env: NodeJS.ProcessEnv): OroSettings {
	const missing = ['OROCRM_URL', 'OROCRM_CLIENT_ID', 'OROCRM_CLIENT_SECRET'].filter((name) => !env[name]?.trim());
	if (missing.length > 0) throw new UsageError(`Not set: ${missing.join(', ')}.`);
	return {
		url: address(env.OROCRM_URL!, 'OROCRM_URL'),
		apiPath: `/${(env.OROCRM_API_PATH?.trim() || '/api').replace(/^\/+|\/+$/g, '')}`,
		clientId: env.OROCRM_CLIENT_ID!.trim(),
		clientSecret: env.OROCRM_CLIENT_SECRET!.trim(),
		channel: env.OROCRM_CHANNEL_ID?.trim() || undefined,
	};
}

function readFlags(args: readonly string[]) {
	const flags = {
		help: false,
		keep: false,
		only: [] as string[],
		clean: undefined as string | undefined,
		practice: undefined as PracticeOro | undefined,
	};
	for (let i = 0; i < args.length; i++) {
		const [name, inline] = args[i].split(/=(.*)/s);
		const value = () => {
			const given = inline ?? args[++i];
			if (!given) throw new UsageError(`${name} needs a value.`);
			return given;
		};
		if (name === '--help' || name === '-h') flags.help = true;
		else if (name === '--keep') flags.keep = true;
		else if (name === '--only') flags.only.push(...value().toLowerCase().split(/\s+/).filter(Boolean));
		else if (name === '--clean') flags.clean = value();
		else if (name === '--practice') flags.practice = readPractice(value());
		else throw new UsageError(`Unknown option ${args[i]}.`);
	}
	return flags;
}

function readPractice(text: string): PracticeOro {
	const [name, addition, ...more] = text.split('+');
	const version = PRACTICE_VERSIONS.find((one) => one === name);
	const known = addition === undefined || (addition === 'overlay' && more.length === 0);
	if (version && known) return { version, overlay: addition === 'overlay' };
	throw new UsageError(
		`--practice is "${text}", but must be one of ${PRACTICE_VERSIONS.join(', ')}, with +overlay or without.`,
	);
}

function readZendesk(env: NodeJS.ProcessEnv): RealZendeskSettings | undefined {
	const url = env.ZENDESK_URL?.trim();
	const subdomain = env.ZENDESK_SUBDOMAIN?.trim();
	if (!url && !subdomain) return undefined;
	const { ZENDESK_ACCESS_TOKEN: token, ZENDESK_EMAIL: email, ZENDESK_API_TOKEN: apiToken } = env;
	if (!token && !(email && apiToken)) {
		throw new UsageError('A real Zendesk needs ZENDESK_ACCESS_TOKEN, or ZENDESK_EMAIL and ZENDESK_API_TOKEN.');
	}
	return {
		url: url ? address(url, 'ZENDESK_URL') : zendeskBaseUrl({ subdomain }),
		authorization: token ? `Bearer ${token}` : `Basic ${Buffer.from(`${email}/token:${apiToken}`).toString('base64')}`,
	};
}

function address(text: string, name: string): string {
	try {
		const url = new URL(text.trim());
		if (/^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname}`.replace(/\/+$/, '');
	} catch {
		// Said below.
	}
	throw new UsageError(`${name} is "${text}", but must be an address like https://crm.example.com.`);
}

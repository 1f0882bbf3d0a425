/** Switches of a practice account that can be turned while it runs, `practice.settings.x = …`. */
export interface Settings {
	/**
	 * What happens to a ticket that is solved and has no assignee: Zendesk makes the solving agent its assignee when the account's
	 * "auto assign tickets upon solve" is on, else it refuses (About native system ticket rules). `accepted` is for tests that
	 * are about something else.
	 */
	solvingWithoutAssignee: 'assigned' | 'refused' | 'accepted';
	/** The answer to an update carries the creation's audit instead of its own, as on a busy account (zendesk-api.md §8). */
	creationAuditInUpdates: boolean;
	/** Which comments the sideload `comment_count` counts: no source says whether internal ones are among them. */
	commentCount: 'all' | 'public';
}

export const DEFAULT_SETTINGS: Settings = {
	solvingWithoutAssignee: 'assigned',
	creationAuditInUpdates: false,
	commentCount: 'all',
};

const VALUES: { [Name in keyof Settings]: ReadonlyArray<Settings[Name]> } = {
	solvingWithoutAssignee: ['assigned', 'refused', 'accepted'],
	creationAuditInUpdates: [true, false],
	commentCount: ['all', 'public'],
};

/** Takes over settings from outside; says in words what is wrong with them, and then takes none. */
export function changeSettings(settings: Settings, wanted: unknown): string | undefined {
	const entries = Object.entries((wanted ?? {}) as Record<string, unknown>);
	for (const [name, value] of entries) {
		const known: readonly unknown[] | undefined = Object.hasOwn(VALUES, name)
			? VALUES[name as keyof Settings]
			: undefined;
		if (!known) return `There is no setting "${name}", only ${Object.keys(VALUES).join(', ')}.`;
		if (!known.includes(value)) return `${name} must be one of ${known.map(String).join(', ')}.`;
	}
	Object.assign(settings, Object.fromEntries(entries));
	return undefined;
}

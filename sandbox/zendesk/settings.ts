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
}

export const DEFAULT_SETTINGS: Settings = { solvingWithoutAssignee: 'assigned', creationAuditInUpdates: false };

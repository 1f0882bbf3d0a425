import type { Scenario } from '../scenario';

/** Incidents and their problem, whichever comes first (sync-rules §2, §6.6). */
export const problems: readonly Scenario[] = [
	{
		name: 'a problem, then its incident',
		expected: 'the incident’s record names the problem’s',
		channels: 'both',
		run: async (stage) => {
			const requester = await stage.person('Pia Problem');
			const problem = await stage.ticket(requester, { type: 'problem' });
			await stage.sync(problem.id);
			const incident = await stage.ticket(requester, { type: 'incident', problem: problem.id });
			await stage.sync(incident.id);
			const { record: problemRecord } = await stage.theOne(problem.id);
			const { record } = await stage.theOne(incident.id);
			stage.check.fields('incident', record, { problem: problemRecord.id, ticketType: 'incident' });
			stage.check.fields('problem', problemRecord, { problem: null, ticketType: 'problem' });
			return `record ${record.id} → ${String(record.problem)}`;
		},
	},
	{
		name: 'an incident, then its problem',
		expected: 'the incident’s record names the problem’s as soon as that comes',
		channels: 'both',
		run: async (stage) => {
			const requester = await stage.person('Ivo Incident');
			const problem = await stage.ticket(requester, { type: 'problem' });
			const incident = await stage.ticket(requester, { type: 'incident', problem: problem.id });
			const [first] = await stage.sync(incident.id);
			stage.check.that(
				'note',
				first.notes.some((note) => note.includes(String(problem.id))),
				'the problem’s number',
				first.notes,
			);
			stage.check.fields('incident before', (await stage.theOne(incident.id)).record, { problem: null });
			await stage.sync(problem.id);
			const { record: problemRecord } = await stage.theOne(problem.id);
			const { record } = await stage.theOne(incident.id);
			stage.check.fields('incident', record, { problem: problemRecord.id });
			stage.check.fields('problem', problemRecord, { hasIncidents: true });
			const again = await stage.writes(async () => await stage.sync([incident.id, problem.id]));
			stage.check.same('writes of a second sync', again, 0);
			return `record ${record.id} → ${String(record.problem)}; again: ${again} writes`;
		},
	},
	{
		name: 'an incident and its problem in one batch',
		expected: 'linked at once, the incident given first',
		run: async (stage) => {
			const requester = await stage.person('Bea Batch');
			const problem = await stage.ticket(requester, { type: 'problem' });
			const incident = await stage.ticket(requester, { type: 'incident', problem: problem.id });
			await stage.sync([incident.id, problem.id]);
			const { record: problemRecord } = await stage.theOne(problem.id);
			const { record } = await stage.theOne(incident.id);
			stage.check.fields('incident', record, { problem: problemRecord.id });
			return `record ${record.id} → ${String(record.problem)}`;
		},
	},
];

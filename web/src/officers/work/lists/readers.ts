// Who is shown a work list; the server decides who may read one (docs/access.md).

/** Roles whose unit's list is their daily work. */
export const listHolders = [
  "triage_officer",
  "city_manager",
  "county_manager",
  "liaison",
  "responsible_leader",
  "callback_agent",
];

/** Those, and who reads any unit's. */
export const listReaders = [...listHolders, "auditor"];

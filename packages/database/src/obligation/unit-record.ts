import type { LocalDate, UnitProfile } from '@wattproof/energy';

/** What people state about a unit; its kind and country stand beside it. */
export interface StatedProfile extends Omit<UnitProfile, 'kind' | 'country'> {
  /** Days before a date on which to be reminded of it. */
  readonly reminders_days: readonly number[];
  /** Where the figures come from, for whoever checks them. */
  readonly note: string;
}

export interface UnitMember {
  readonly id: string;
  readonly name: string;
  readonly country: string;
}

/** A unit that rules may address, with what was stated about it. */
export interface UnitRecord {
  readonly id: string;
  readonly kind: UnitProfile['kind'];
  readonly name: string;
  readonly country: string;
  readonly registrationNumber: string;
  readonly members: readonly UnitMember[];
  /** null: nothing was stated yet. */
  readonly stated: StatedProfile | null;
  readonly updatedAt: Date | null;
  readonly updatedBy: string | null;
}

export interface ReviewRecord {
  readonly ruleId: string;
  readonly name: string;
  readonly date: LocalDate;
}

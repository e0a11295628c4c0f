import type { Role } from '@wattproof/energy';

export interface DemoPerson {
  readonly organisationKey: string;
  readonly role: Role;
  readonly displayName: string;
  readonly email: string;
  readonly locale: string;
  /** Sites by key; undefined: all of the organisation. */
  readonly siteKeys?: readonly string[];
}

/** One person for each role, and one of another organisation. */
export const demoPeople: readonly DemoPerson[] = [
  {
    organisationKey: 'belleroche',
    role: 'energyManager',
    displayName: 'Camille Morel',
    email: 'camille.morel@belleroche.example',
    locale: 'en',
  },
  {
    organisationKey: 'belleroche',
    role: 'auditor',
    displayName: 'Helga Lindner',
    email: 'helga.lindner@audit.example',
    locale: 'en',
  },
  {
    organisationKey: 'belleroche',
    role: 'corporate',
    displayName: 'Inés Valverde',
    email: 'ines.valverde@belleroche.example',
    locale: 'en',
  },
  {
    organisationKey: 'belleroche',
    role: 'installer',
    displayName: 'Marc Guillou',
    email: 'marc.guillou@elec.example',
    locale: 'fr',
  },
  {
    organisationKey: 'belleroche',
    role: 'operator',
    displayName: 'Yann Le Bihan',
    email: 'yann.lebihan@belleroche.example',
    locale: 'fr',
    siteKeys: ['laval'],
  },
  {
    organisationKey: 'belleroche',
    role: 'admin',
    displayName: 'Anke Brandt',
    email: 'anke.brandt@belleroche.example',
    locale: 'en',
  },
  {
    organisationKey: 'tilleuls',
    role: 'energyManager',
    displayName: 'Louise Perrin',
    email: 'louise.perrin@tilleuls.example',
    locale: 'fr',
  },
];

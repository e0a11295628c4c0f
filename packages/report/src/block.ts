/** A document as data: what the Typst template sets. All texts are finished, in the language of the document. */
export type Tone = 'plain' | 'good' | 'warn' | 'crit';
export type Align = 'left' | 'right' | 'center';

export type Block =
  | { readonly kind: 'heading'; readonly level: 1 | 2; readonly text: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string; readonly tone: Tone }
  | { readonly kind: 'figures'; readonly items: readonly KeyFigure[] }
  | {
      readonly kind: 'facts';
      readonly rows: readonly (readonly [label: string, value: string])[];
      /** Stays on one page; only for few rows of our own words. */
      readonly isWhole?: boolean;
    }
  | { readonly kind: 'table'; readonly table: Table }
  | {
      readonly kind: 'image';
      /** Name of the file that goes with the document. */
      readonly file: string;
      readonly alt: string;
      readonly caption: string;
    }
  | {
      readonly kind: 'photos';
      readonly items: readonly { readonly file: string; readonly alt: string; readonly caption: string }[];
    }
  | { readonly kind: 'matrix'; readonly matrix: Matrix }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'fields'; readonly labels: readonly string[] };

export interface KeyFigure {
  readonly label: string;
  readonly value: string;
  readonly detail: string;
  readonly tone: Tone;
  /** Where the document says how it came about. */
  readonly receipt?: { readonly text: string; readonly anchor: string };
}

export interface Table {
  readonly head: readonly string[];
  readonly align: readonly Align[];
  /** Parts of the width, one per column. */
  readonly widths: readonly number[];
  readonly rows: readonly (readonly string[])[];
  /** Names of the first rows, which links lead to. */
  readonly anchors?: readonly string[];
  /** Last row, set apart. */
  readonly total?: readonly string[];
}

export type CellMark = 'full' | 'half' | 'double' | 'empty' | 'none';

export interface Matrix {
  readonly corner: string;
  readonly columns: readonly string[];
  readonly rows: readonly {
    readonly label: string;
    readonly cells: readonly { readonly mark: CellMark; readonly text: string }[];
  }[];
  readonly legend: readonly { readonly mark: CellMark; readonly text: string }[];
}

export interface DocumentData {
  readonly language: string;
  readonly title: string;
  readonly subtitle: string;
  readonly author: string;
  readonly keywords: readonly string[];
  readonly date: { readonly year: number; readonly month: number; readonly day: number };
  /** Printed on every page of an unsigned document; empty where it is signed. */
  readonly draft: string;
  readonly draftMark: string;
  readonly footer: string;
  /** `{page}` and `{pages}` stand where the numbers go. */
  readonly pageText: string;
  readonly colors: Readonly<Record<string, string>>;
  readonly blocks: readonly Block[];
}

/** Files that the document shows, by name: drawings as SVG, photos as bytes. */
export type DocumentImages = ReadonlyMap<string, string | Buffer>;

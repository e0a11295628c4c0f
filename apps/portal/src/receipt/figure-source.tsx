'use client';
import { createContext, type ReactNode, useContext } from 'react';

const Source = createContext<string | null>(null);

/** The answer of the API that the figures within are said by: path and query, without the API's own prefix. */
export function FigureSource({ path, children }: { readonly path: string; readonly children: ReactNode }) {
  return <Source value={path}>{children}</Source>;
}

export const useFigureSource = (): string | null => useContext(Source);

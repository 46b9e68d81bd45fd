const key = 'ocrhub.token';

/** The token of this tab. Closing the tab forgets it. */
export function rememberedToken(): string {
  try {
    return sessionStorage.getItem(key) ?? '';
  } catch {
    // The browser keeps nothing for this page: the token lasts until the next reload.
    return '';
  }
}

export function rememberToken(token: string): void {
  try {
    sessionStorage.setItem(key, token);
  } catch {
    // As above.
  }
}

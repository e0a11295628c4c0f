/** Something a person must do before this can start, said in one sentence. */
export class StartFailure extends Error {
  name = 'StartFailure';
}

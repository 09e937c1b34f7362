/** Without `./` in front, which GitHub and GitLab do not find in a repository. */
export function relativeFile(file: string): string {
  return file.replace(/^(?:\.\/+)+(?=.)/, '');
}

// Output of a program is not code: only blocks that name a language are highlighted.
export default {
  configureHljs: hljs => hljs.configure({ languages: [] }),
}

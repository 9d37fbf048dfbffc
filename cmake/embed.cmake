# cmake -DOUTPUT=page_files.cpp -DSOURCE_DIR=... -P embed.cmake: the files of the
# served page as C++ text, so that the program is one file.
set(page ${SOURCE_DIR}/src/deploy/page)
set(text "// Made by cmake/embed.cmake.\n#include <array>\n\n#include \"deploy/page.h\"\n\n")
string(APPEND text "namespace fer {\n\nstd::span<const PageFile> page_files() {\n")
string(APPEND text "  static constexpr auto files = std::to_array<PageFile>({\n")
foreach(entry
    "/|text/html|${page}/index.html"
    "/page.css|text/css|${page}/page.css"
    "/page.js|text/javascript|${page}/page.js"
    "/openapi.json|application/json|${SOURCE_DIR}/docs/openapi.json")
  string(REPLACE "|" ";" parts ${entry})
  list(GET parts 0 path)
  list(GET parts 1 type)
  list(GET parts 2 file)
  file(READ ${file} content)
  string(APPEND text "      {\"${path}\", \"${type}; charset=utf-8\", R\"FERBENCH(${content})FERBENCH\"},\n")
endforeach()
string(APPEND text "  });\n  return files;\n}\n\n}  // namespace fer\n")
file(WRITE ${OUTPUT} "${text}")

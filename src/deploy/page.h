// The files of the page, built into the program (cmake/embed.cmake).
#pragma once

#include <span>
#include <string_view>

namespace fer {

struct PageFile {
  std::string_view path;  ///< as asked for: "/", "/page.css", ...
  std::string_view type;  ///< Content-Type
  std::string_view text;
};

/// index.html, page.css, page.js and the OpenAPI description.
std::span<const PageFile> page_files();

}  // namespace fer

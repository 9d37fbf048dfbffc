#include "deploy/multipart.h"

#include <cctype>
#include <optional>

#include "deploy/http_error.h"

namespace fer {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr size_t kMostParts = 16, kMostHeaderBytes = 4096;

[[noreturn]] void misshapen(const char* what) {
  refuse(400, "expected a whole form (multipart/form-data); got {}.", what);
}

bool equal_but_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(a[i])) !=
        std::tolower(static_cast<unsigned char>(b[i])))
      return false;
  return true;
}

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

// The value of a parameter such as name="image" in a list parted by ";".
std::optional<std::string_view> parameter(std::string_view list,
                                          std::string_view key) {
  while (!list.empty()) {
    const size_t end = list.find(';');
    const std::string_view item = trimmed(list.substr(0, end));
    list = end == std::string_view::npos ? "" : list.substr(end + 1);
    const size_t equals = item.find('=');
    if (equals == std::string_view::npos ||
        !equal_but_case(item.substr(0, equals), key))
      continue;
    std::string_view value = item.substr(equals + 1);
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    return value;
  }
  return std::nullopt;
}

// The name of a part from its headers.
std::string_view name_of_part(std::string_view headers) {
  while (!headers.empty()) {
    const size_t end = headers.find(kLineEnd);
    const std::string_view line = headers.substr(0, end);
    headers = end == std::string_view::npos ? "" : headers.substr(end + 2);
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos) misshapen("a header without a colon");
    if (!equal_but_case(line.substr(0, colon), "Content-Disposition")) continue;
    if (const auto name = parameter(line.substr(colon + 1), "name"))
      return *name;
  }
  misshapen("a part without a name");
}

// Takes the next part off `rest`: its name and its content.
struct Part {
  std::string_view name, content;
};
Part take_part(std::string_view& rest, const std::string& delimiter) {
  const size_t gap = rest.substr(0, kMostHeaderBytes).find("\r\n\r\n");
  if (gap == std::string_view::npos)
    misshapen("a part whose headers do not end");
  const std::string_view headers = rest.substr(0, gap);
  rest.remove_prefix(gap + 4);
  const size_t end = rest.find(delimiter);
  if (end == std::string_view::npos) misshapen("one that is cut off");
  const Part part{name_of_part(headers), rest.substr(0, end)};
  rest.remove_prefix(end + delimiter.size());
  return part;
}

}  // namespace

std::string boundary_of(std::string_view content_type) {
  const size_t list = content_type.find(';');
  const auto boundary =
      list == std::string_view::npos
          ? std::nullopt
          : parameter(content_type.substr(list + 1), "boundary");
  constexpr std::string_view kAllowed =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./"
      ":=? ";
  constexpr size_t kLongest = 70;
  if (!boundary || boundary->empty() || boundary->size() > kLongest ||
      boundary->find_first_not_of(kAllowed) != std::string_view::npos)
    misshapen("no boundary, or none that is allowed");
  return std::string(*boundary);
}

std::string_view form_file(std::string_view body, std::string_view boundary,
                           std::string_view name) {
  const std::string delimiter = "\r\n--" + std::string(boundary);
  std::string_view rest = body;
  if (!rest.starts_with(std::string_view(delimiter).substr(2)))
    misshapen("a body that does not begin with its boundary");
  rest.remove_prefix(delimiter.size() - 2);
  std::optional<std::string_view> found;
  for (size_t parts = 0; !rest.starts_with("--"); ++parts) {
    if (parts == kMostParts) misshapen("too many parts");
    if (!rest.starts_with(kLineEnd)) misshapen("a broken boundary");
    rest.remove_prefix(kLineEnd.size());
    const Part part = take_part(rest, delimiter);
    if (part.name != name) continue;
    if (found) misshapen("more than one picture");
    found = part.content;
  }
  if (!found)
    refuse(400, "expected a part called {} in the form; got none.", name);
  return *found;
}

}  // namespace fer

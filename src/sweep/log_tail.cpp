#include "sweep/log_tail.h"

#include <algorithm>
#include <fstream>

#include "core/text.h"

namespace fer {
namespace {

constexpr std::streamoff kBytes = 64 << 10;
constexpr size_t kLineBytes = 300;

std::string cleaned(std::string line) {
  std::erase_if(line, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
  line.resize(std::min(line.size(), kLineBytes));
  return line;
}

}  // namespace

std::vector<std::string> last_lines(const std::filesystem::path& path,
                                    size_t count) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  const std::streamoff size = file.tellg();
  const std::streamoff begin = std::max<std::streamoff>(0, size - kBytes);
  file.seekg(begin);
  std::string text(static_cast<size_t>(size - begin), '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));

  std::vector<std::string> lines;
  for (std::string& line : split(text, '\n')) {
    line = cleaned(std::move(line));
    if (!line.empty()) lines.push_back(std::move(line));
  }
  if (lines.size() > count)
    lines.erase(lines.begin(), lines.end() - static_cast<ptrdiff_t>(count));
  return lines;
}

}  // namespace fer

#include "deploy/server_metrics.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace fer {
namespace {

std::string head(const char* name, const char* kind, const char* help) {
  return fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, kind);
}

// Class names come from a model file: quote what the format would trip over.
std::string quoted(const std::string& value) {
  std::string text;
  for (const char c : value) {
    if (c == '\n') {
      text += "\\n";
    } else {
      if (c == '"' || c == '\\') text += '\\';
      text += c;
    }
  }
  return text;
}

std::string counts(const char* name, const char* label,
                   const std::map<std::string, uint64_t>& values) {
  std::string text;
  for (const auto& [value, count] : values)
    text +=
        fmt::format("{}{{{}=\"{}\"}} {}\n", name, label, quoted(value), count);
  return text;
}

}  // namespace

void ServerMetrics::request(const std::string& path, int status,
                            double seconds) {
  const std::scoped_lock lock(mutex_);
  ++requests_[{path, status}];
  Durations& durations = durations_[path];
  const auto bound = std::ranges::lower_bound(kBounds, seconds);
  ++durations.counts[static_cast<size_t>(bound - kBounds.begin())];
  durations.sum += seconds;
}

void ServerMetrics::picture(const std::string& outcome,
                            const std::string& emotion) {
  const std::scoped_lock lock(mutex_);
  ++outcomes_[outcome];
  if (!emotion.empty()) ++emotions_[emotion];
}

void ServerMetrics::songs(size_t count) {
  const std::scoped_lock lock(mutex_);
  songs_ += count;
}

std::string ServerMetrics::text(int connections) const {
  const std::scoped_lock lock(mutex_);
  std::string text =
      head("ferbench_requests_total", "counter", "Requests answered.");
  for (const auto& [key, count] : requests_)
    text +=
        fmt::format("ferbench_requests_total{{path=\"{}\",status=\"{}\"}} {}\n",
                    key.first, key.second, count);
  constexpr const char* kSeconds = "ferbench_request_seconds";
  text += head(kSeconds, "histogram", "From a request's head to its end.");
  for (const auto& [path, durations] : durations_) {
    uint64_t below = 0;
    for (size_t i = 0; i <= kBounds.size(); ++i) {
      below += durations.counts[i];
      text += fmt::format(
          "{}_bucket{{path=\"{}\",le=\"{}\"}} {}\n", kSeconds, path,
          i < kBounds.size() ? fmt::format("{}", kBounds[i]) : "+Inf", below);
    }
    text += fmt::format(
        "{0}_sum{{path=\"{1}\"}} {2}\n{0}_count{{path=\"{1}\"}} "
        "{3}\n",
        kSeconds, path, durations.sum, below);
  }
  text += head("ferbench_pictures_total", "counter", "Pictures by outcome.");
  text += counts("ferbench_pictures_total", "outcome", outcomes_);
  text += head("ferbench_emotions_total", "counter", "Main faces by emotion.");
  text += counts("ferbench_emotions_total", "emotion", emotions_);
  text += head("ferbench_songs_total", "counter", "Songs recommended.");
  text += fmt::format("ferbench_songs_total {}\n", songs_);
  text += head("ferbench_open_connections", "gauge", "Connections now.");
  text += fmt::format("ferbench_open_connections {}\n", connections);
  text += head("process_resident_memory_bytes", "gauge", "Memory held now.");
  return text +
         fmt::format("process_resident_memory_bytes {}\n", resident_bytes());
}

uint64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t whole = 0, resident = 0;
  if (!(file >> whole >> resident)) return 0;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

}  // namespace fer

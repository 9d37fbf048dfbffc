#include "leaderboard/ledger.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>

#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"
#include "leaderboard/file_lock.h"
#include "leaderboard/results_csv.h"
#include "leaderboard/run_origin.h"
#include "report/run_files.h"
#include "report/scores.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

const std::vector<std::string> kColumns = {
    "time", "commit", "run", "experiment", "protocol",
    "data", "split",  "n",   "metric",     "value"};

fs::path ledger_path(const fs::path& results) { return results / "ledger.csv"; }

bool is_time(const std::string& text) {
  constexpr std::string_view kShape = "dddd-dd-ddTdd:dd:ddZ";
  if (text.size() != kShape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (kShape[i] == 'd' ? !digit : text[i] != kShape[i]) return false;
  }
  return true;
}

// What is wrong with a look, or "".
std::string fault(const Look& look) {
  if (!is_time(look.time))
    return fmt::format("time '{}', not YYYY-MM-DDThh:mm:ssZ", look.time);
  if (look.experiment.empty()) return "an empty experiment";
  if (look.protocol.empty()) return "an empty protocol";
  if (look.split.empty()) return "an empty split";
  if (look.metric.empty()) return "an empty metric";
  if (look.n < 1) return fmt::format("n = {}", look.n);
  if (!std::isfinite(look.value))
    return fmt::format("the value {}", look.value);
  return "";
}

std::string line_of(const Look& look) {
  std::vector<std::string> fields = {look.time,     look.commit,
                                     look.run,      look.experiment,
                                     look.protocol, look.data,
                                     look.split,    std::to_string(look.n),
                                     look.metric,   csv_number(look.value)};
  for (std::string& field : fields) field = one_line(std::move(field));
  return csv_line(fields);
}

Look look_from(const ResultsRow& row) {
  Look look;
  look.time = row.text("time");
  look.commit = row.text("commit");
  look.run = row.text("run");
  look.experiment = row.text("experiment");
  look.protocol = row.text("protocol");
  look.data = row.text("data");
  look.split = row.text("split");
  look.n = row.whole("n");
  look.metric = row.text("metric");
  look.value = row.number("value");
  if (const std::string wrong = fault(look); !wrong.empty())
    row.refuse("a look", wrong);
  return look;
}

}  // namespace

void append_look(const fs::path& results, Look look) {
  if (look.time.empty()) look.time = utc_now();
  if (const std::string wrong = fault(look); !wrong.empty()) {
    fail<DataError>(
        "[ledger] expected time, experiment, protocol, split, n, metric and a "
        "finite value; got {} (run '{}'). Score the run again.",
        wrong, look.run);
  }
  const FileLock lock(results / ".ledger.lock");
  const fs::path path = ledger_path(results);
  if (fs::exists(path)) {
    read_ledger(results);  // never append to a file that is not ours
    append_line(path, line_of(look));
  } else {
    write_file(path, csv_line(kColumns) + "\n" + line_of(look) + "\n");
  }
}

std::vector<Look> read_ledger(const fs::path& results) {
  std::vector<Look> all;
  const fs::path path = ledger_path(results);
  if (!fs::exists(path)) return all;
  const ResultsCsv file(path, kColumns, "ledger");
  for (const ResultsRow& row : file.rows()) all.push_back(look_from(row));
  return all;
}

int64_t looks(std::span<const Look> ledger, std::string_view experiment,
              std::string_view protocol, std::string_view data) {
  return std::ranges::count_if(ledger, [&](const Look& look) {
    return look.split == "test" && look.experiment == experiment &&
           look.protocol == protocol && look.data == data;
  });
}

Look look_of(const fs::path& results, const fs::path& run_dir,
             const std::string& split) {
  const RunFiles run = read_run_files(run_dir);
  const RunOrigin origin = read_run_origin(run);
  const Json scores = run.metrics.is_object()
                          ? run.metrics.value(split, Json::object())
                          : Json::object();
  const auto accuracy = number(scores, "accuracy"), n = number(scores, "n");
  if (!accuracy || !n) {
    fail<DataError>(
        "[ledger] expected scores of the split '{}' in metrics.json; got none "
        "({}). Score it: `ferbench evaluate {} --split {}`.",
        split, run_dir.string(), run_dir.string(), split);
  }
  return {utc_now(),
          origin.commit,
          stored_path(results, run_dir),
          origin.experiment,
          origin.protocol,
          origin.dataset,
          split,
          static_cast<int64_t>(*n),
          "accuracy",
          *accuracy};
}

std::string stored_path(const fs::path& results, const fs::path& run_dir) {
  const auto clean = [](const fs::path& path) {
    fs::path whole = fs::weakly_canonical(fs::absolute(path));
    return whole.has_filename() ? whole : whole.parent_path();
  };
  return clean(run_dir).lexically_relative(clean(results)).generic_string();
}

std::string utc_now() {
  const auto now =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  char text[32];
  tm parts{};
  std::strftime(text, sizeof text, "%FT%TZ", gmtime_r(&now, &parts));
  return text;
}

}  // namespace fer

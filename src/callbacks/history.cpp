#include "callbacks/history.h"

#include "callbacks/measured.h"
#include "callbacks/state.h"
#include "core/csv.h"
#include "core/error.h"
#include "core/file.h"

namespace fer {
namespace {

EpochLogs row_from_state(const Json& row) {
  const auto& columns = EpochLogs::columns();
  if (!row.is_array() || row.size() != columns.size()) {
    fail<DataError>(
        "[history] expected rows of {} numbers in the saved state; got {}. "
        "The checkpoint is damaged or of another version: start a new run.",
        columns.size(), row.dump());
  }
  const auto number = [&](size_t i) {
    return number_from_state(row[i], "history", columns[i]);
  };
  return {static_cast<int>(number(0)),
          number(1),
          number(2),
          number(3),
          number(4),
          number(5),
          number(6),
          number(7)};
}

std::string field(const std::string& column, double value) {
  return was_measured(column, value) ? csv_number(value) : "";
}

}  // namespace

void History::on_train_begin(TrainContext&) { rows_.clear(); }

void History::on_train_resume(TrainContext& context, int epoch) {
  const int last = rows_.empty() ? 0 : rows_.back().epoch;
  if (last != epoch || rows_.size() != static_cast<size_t>(epoch)) {
    fail<DataError>(
        "[history] expected {} rows for a run that goes on after epoch {}; got "
        "{} rows up to epoch {}. The checkpoint is damaged or of another "
        "version: start a new run.",
        epoch, epoch, rows_.size(), last);
  }
  write(context);
}

void History::on_epoch_end(TrainContext& context, const EpochLogs& logs) {
  rows_.push_back(logs);
  write(context);
}

void History::write(TrainContext& context) const {
  std::string text = csv_line(EpochLogs::columns()) + '\n';
  for (const EpochLogs& row : rows_) {
    std::vector<std::string> fields;
    for (const std::string& column : EpochLogs::columns())
      fields.push_back(field(column, *row.value(column)));
    text += csv_line(fields) + '\n';
  }
  write_file(context.run_dir() / "history.csv", text);
}

Json History::state() const {
  Json rows = Json::array();
  for (const EpochLogs& row : rows_) {
    Json numbers = Json::array();
    for (const std::string& column : EpochLogs::columns())
      numbers.push_back(number_to_state(*row.value(column)));
    rows.push_back(std::move(numbers));
  }
  return {{"rows", std::move(rows)}};
}

void History::load_state(const Json& state) {
  const StateReader reader(name(), state);
  rows_.clear();
  for (const Json& row : reader.array("rows"))
    rows_.push_back(row_from_state(row));
}

}  // namespace fer

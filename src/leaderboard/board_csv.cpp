#include "leaderboard/board_csv.h"

#include <functional>

#include "core/csv.h"
#include "core/text.h"
#include "leaderboard/results_csv.h"

namespace fer {
namespace fs = std::filesystem;
namespace {

// A column as a value of a row, and as its text turned back into the row.
struct Column {
  std::string name;
  std::function<Json(const BoardRow&)> get;
  std::function<void(BoardRow&, const ResultsRow&)> set;
};

Column text_column(const char* name, std::string BoardRow::*member) {
  return {name, [=](const BoardRow& row) { return Json(row.*member); },
          [=](BoardRow& row, const ResultsRow& from) {
            row.*member = from.text(name);
          }};
}

Json json_of(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Column number_column(const char* name,
                     std::optional<double> BoardRow::*member) {
  return {name, [=](const BoardRow& row) { return json_of(row.*member); },
          [=](BoardRow& row, const ResultsRow& from) {
            row.*member = from.optional_number(name);
          }};
}

Column plain_column(const char* name, double BoardRow::*member) {
  return {name, [=](const BoardRow& row) { return Json(row.*member); },
          [=](BoardRow& row, const ResultsRow& from) {
            row.*member = from.number(name);
          }};
}

Column count_column(const char* name, int64_t BoardRow::*member) {
  return {name, [=](const BoardRow& row) { return Json(row.*member); },
          [=](BoardRow& row, const ResultsRow& from) {
            row.*member = from.whole(name);
          }};
}

Column bound_column(const char* name, double Interval::*end) {
  return {
      name,
      [=](const BoardRow& row) { return Json(row.accuracy_interval.*end); },
      [name = std::string(name), end](BoardRow& row, const ResultsRow& from) {
        row.accuracy_interval.*end = from.number(name);
      }};
}

Column summary_column(size_t i, bool mean) {
  const auto member = mean ? &MetricSummary::mean : &MetricSummary::std;
  const std::string name = board_metrics()[i].key + (mean ? "_mean" : "_std");
  return {name,
          [=](const BoardRow& row) { return json_of(row.metrics[i].*member); },
          [=](BoardRow& row, const ResultsRow& from) {
            row.metrics[i].*member = from.optional_number(name);
          }};
}

Column leaky_column() {
  return {"leaky", [](const BoardRow& row) { return Json(row.leaky); },
          [](BoardRow& row, const ResultsRow& from) {
            const std::string& text = from.text("leaky");
            if (text != "true" && text != "false")
              from.refuse("true or false in column leaky", "'" + text + "'");
            row.leaky = text == "true";
          }};
}

Column class_column() {
  return {"class_f1",
          [](const BoardRow& row) {
            Json classes = Json::object();
            for (const auto& [name, f1] : row.class_f1) classes[name] = f1;
            return classes;
          },
          [](BoardRow& row, const ResultsRow& from) {
            const Json classes =
                Json::parse(from.text("class_f1"), nullptr, false);
            if (!classes.is_object())
              from.refuse("a JSON object in column class_f1",
                          "'" + from.text("class_f1") + "'");
            for (const auto& [name, f1] : classes.items()) {
              if (!f1.is_number())
                from.refuse("numbers in column class_f1", f1.dump());
              row.class_f1.emplace_back(name, f1.get<double>());
            }
          }};
}

Column standing_column() {
  return {"group",
          [](const BoardRow& row) { return Json(name_of(row.standing)); },
          [](BoardRow& row, const ResultsRow& from) {
            for (const Standing standing :
                 {Standing::kBest, Standing::kTied, Standing::kBehind}) {
              row.standing = standing;
              if (from.text("group") == name_of(standing)) return;
            }
            from.refuse("best, tied or behind in column group",
                        "'" + from.text("group") + "'");
          }};
}

// "42 43 44".
Column seeds_column() {
  return {"seeds",
          [](const BoardRow& row) {
            std::vector<std::string> texts;
            for (const int64_t seed : row.seeds)
              texts.push_back(std::to_string(seed));
            return Json(join(texts, " "));
          },
          [](BoardRow& row, const ResultsRow& from) {
            for (const std::string& part : split(from.text("seeds"), ' ')) {
              if (part.empty() || part.size() > 18 ||
                  part.find_first_not_of("0123456789") != std::string::npos)
                from.refuse("whole numbers in column seeds",
                            "'" + from.text("seeds") + "'");
              row.seeds.push_back(std::stoll(part));
            }
          }};
}

Column seed_count_column() {
  return {"n_seeds",
          [](const BoardRow& row) {
            return Json(static_cast<int64_t>(row.seeds.size()));
          },
          [](BoardRow&, const ResultsRow& from) { from.whole("n_seeds"); }};
}

std::vector<Column> make_columns() {
  std::vector<Column> columns = {
      text_column("experiment", &BoardRow::experiment),
      text_column("model", &BoardRow::model),
      text_column("dataset", &BoardRow::dataset),
      text_column("protocol", &BoardRow::protocol),
      leaky_column(),
      seed_count_column(),
      summary_column(0, true),
      summary_column(0, false),
      bound_column("accuracy_low", &Interval::low),
      bound_column("accuracy_high", &Interval::high)};
  for (size_t i = 1; i < board_metrics().size(); ++i)
    for (const bool mean : {true, false})
      columns.push_back(summary_column(i, mean));
  for (Column& column : std::vector<Column>{
           class_column(), number_column("parameters", &BoardRow::parameters),
           number_column("flops", &BoardRow::flops),
           number_column("train_seconds", &BoardRow::train_seconds),
           number_column("images_per_second", &BoardRow::images_per_second),
           text_column("hardware", &BoardRow::hardware),
           number_column("onnx_bytes", &BoardRow::onnx_bytes),
           count_column("test_looks", &BoardRow::test_looks), standing_column(),
           plain_column("difference", &BoardRow::difference),
           plain_column("p_holm", &BoardRow::p),
           text_column("commit", &BoardRow::commit),
           number_column("leaky_share", &BoardRow::leaky_share),
           count_column("n", &BoardRow::n), seeds_column(),
           text_column("test_set", &BoardRow::test_set)})
    columns.push_back(std::move(column));
  return columns;
}

const std::vector<Column>& all_columns() {
  static const std::vector<Column> columns = make_columns();
  return columns;
}

std::string cell(const Json& value) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? csv_number(value.get<double>())
                                 : value.dump();
}

}  // namespace

std::vector<std::string> board_columns() {
  std::vector<std::string> names;
  for (const Column& column : all_columns()) names.push_back(column.name);
  return names;
}

std::string board_csv(const std::vector<BoardRow>& rows) {
  std::string text = csv_line(board_columns()) + "\n";
  for (const BoardRow& row : rows) {
    std::vector<std::string> fields;
    for (const Column& column : all_columns())
      fields.push_back(cell(column.get(row)));
    text += csv_line(fields) + "\n";
  }
  return text;
}

std::vector<BoardRow> read_board(const fs::path& path) {
  std::vector<BoardRow> rows;
  if (!fs::exists(path)) return rows;
  const ResultsCsv file(path, board_columns(), "leaderboard");
  for (const ResultsRow& from : file.rows()) {
    BoardRow& row = rows.emplace_back();
    row.metrics.resize(board_metrics().size());
    for (const Column& column : all_columns()) column.set(row, from);
  }
  return rows;
}

Json board_json(const std::vector<BoardRow>& rows) {
  Json all = Json::array();
  for (const BoardRow& row : rows) {
    Json object = Json::object();
    for (const Column& column : all_columns())
      object[column.name] = column.get(row);
    all.push_back(std::move(object));
  }
  return all;
}

}  // namespace fer

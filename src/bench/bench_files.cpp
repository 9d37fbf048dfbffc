#include <fmt/core.h>

#include <cmath>

#include "bench/bench.h"
#include "core/csv.h"
#include "core/error.h"
#include "report/gnuplot.h"
#include "report/plot_style.h"
#include "train/version.h"

namespace fer {
namespace {

Json rate_json(const Rate& one) {
  const Spread& spread = one.images_per_second;
  return {{"measure", one.measure},
          {"batch", one.batch},
          {"images_per_second", spread.median},
          {"low", spread.low},
          {"high", spread.high},
          {"p50_ms", one.p50_ms},
          {"p90_ms", one.p90_ms},
          {"p99_ms", one.p99_ms},
          {"calls", one.calls},
          {"gflops", 1e-9 * one.judgement.flops},
          {"limit", one.judgement.limit},
          {"share_of_limit", one.judgement.share},
          {"verdict", word(one.judgement.verdict)}};
}

std::string point(const Rate& one, size_t colour, const std::string& title,
                  Gnuplot& plot) {
  const Spread& spread = one.images_per_second;
  return fmt::format(
      "{} using 1:2:3:4 with yerrorbars lw 2 pt 7 ps 0.9 lc rgb '{}' title "
      "{}, ",
      plot.data({{static_cast<double>(one.batch)},
                 {spread.median},
                 {spread.low},
                 {spread.high}}),
      series_colour(colour), gnuplot_string(title));
}

std::string inference_lines(const BenchResult& result, Gnuplot& plot) {
  std::vector<std::vector<double>> columns(5);
  for (const Rate& one : result.rates) {
    if (one.measure != "inference") continue;
    columns[0].push_back(static_cast<double>(one.batch));
    columns[1].push_back(one.images_per_second.median);
    columns[2].push_back(one.images_per_second.low);
    columns[3].push_back(one.images_per_second.high);
    columns[4].push_back(one.judgement.limit > 0 ? one.judgement.limit : NAN);
  }
  const std::string file = plot.data(columns);
  std::string text = fmt::format(
      "{0} using 1:2:3:4 with yerrorbars lw 2 pt 7 ps 0.9 lc rgb '{1}' title "
      "'inference', {0} using 1:2 with lines lw 1.5 lc rgb '{1}' notitle, ",
      file, series_colour(0));
  if (std::isfinite(columns[4].empty() ? NAN : columns[4].front()))
    text += fmt::format(
        "{} using 1:5 with lines dt 2 lw 1.2 lc rgb '{}' title 'peak of the "
        "processor, inference', ",
        file, kFaint);
  return text;
}

}  // namespace

Json bench_json(const BenchResult& result) {
  Json rates = Json::array(), layers = Json::array();
  for (const Rate& one : result.rates) rates.push_back(rate_json(one));
  for (const LayerTime& layer : result.layers) {
    layers.push_back({{"name", layer.name},
                      {"kind", layer.kind},
                      {"ms", layer.milliseconds},
                      {"share", layer.share},
                      {"gflops", 1e-9 * layer.flops}});
  }
  return {{"experiment", result.experiment},
          {"model", result.model},
          {"device", result.device},
          {"precision", result.precision},
          {"fused", result.fused},
          {"winograd", result.winograd},
          {"images", result.images},
          {"forward_gflop", 2e-9 * static_cast<double>(result.work.forward)},
          {"training_gflop", 2e-9 * static_cast<double>(result.work.training)},
          {"peak_gflops", 1e-9 * result.peak},
          {"rates", rates},
          {"step_ms", result.step_milliseconds},
          {"layers", layers},
          {"resident_bytes", result.resident_bytes},
          {"gpu_bytes", result.gpu_bytes},
          {"load_average", result.load_average},
          {"version", version_json()}};
}

std::string bench_csv(const BenchResult& result) {
  std::vector<std::string> head = {"experiment", "model", "device",
                                   "precision"};
  const std::vector<std::string> first = {result.experiment, result.model,
                                          result.device, result.precision};
  std::string lines;
  for (const Rate& one : result.rates) {
    const Json json = rate_json(one);
    std::vector<std::string> fields = first;
    for (const auto& [name, value] : json.items()) {
      if (lines.empty()) head.push_back(name);
      fields.push_back(value.is_string() ? value.get<std::string>()
                                         : csv_number(value.get<double>()));
    }
    fields.push_back(csv_number(1e-9 * result.peak));
    fields.push_back(csv_number(result.load_average));
    lines += csv_line(fields) + "\n";
  }
  head.insert(head.end(), {"peak_gflops", "load_average"});
  return csv_line(head) + "\n" + lines;
}

void draw_bench(const BenchResult& result, const std::filesystem::path& path) {
  if (path.extension() != ".svg") {
    fail<ConfigError>(
        "[bench] expected a file that ends in .svg for --figure; got '{}'. The "
        "PNG is written beside it.",
        path.string());
  }
  Gnuplot plot;
  std::string commands = fmt::format(
      "set title {} font ',15'\nset xlabel 'batch size'\nset ylabel 'images a "
      "second (median, quartiles)'\nset logscale x 2\nset yrange [0:*]\n"
      "set key outside bottom center horizontal\nplot ",
      gnuplot_string(fmt::format("{}: {} in {} on {}", result.experiment,
                                 result.model, result.precision,
                                 result.device)));
  commands += inference_lines(result, plot);
  for (const Rate& one : result.rates)
    if (one.measure == "training") commands += point(one, 1, "training", plot);
  commands.resize(commands.size() - 2);
  plot.figure(path.stem().string(), 640, 420, commands + "\n");
  const auto folder = path.parent_path();
  plot.run(folder.empty() ? "." : folder);
}

}  // namespace fer

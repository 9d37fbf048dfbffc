// One gnuplot process that draws all figures of a report, each as SVG and PNG.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fer {

/// Collects data files and plot commands in a temporary folder, then draws
/// them together: starting gnuplot costs more than a figure.
class Gnuplot {
 public:
  /// DataError when there is no gnuplot on PATH.
  Gnuplot();
  ~Gnuplot();  ///< removes the temporary folder
  Gnuplot(const Gnuplot&) = delete;
  Gnuplot& operator=(const Gnuplot&) = delete;

  /// Writes columns of equal length as a data file; its name, already quoted,
  /// for a plot command. NaN is a gap.
  std::string data(const std::vector<std::vector<double>>& columns);

  /// Adds a figure of width x height pixels (the PNG has twice as many).
  /// `commands` end with one plot command and set what differs from the style.
  void figure(const std::string& name, int width, int height,
              std::string_view commands);

  /// Draws everything into `folder`/<name>.svg and .png, each written whole.
  /// DataError with gnuplot's own words when it fails.
  void run(const std::filesystem::path& folder);

 private:
  std::filesystem::path program_;
  std::filesystem::path folder_;
  std::string script_;
  std::vector<std::string> names_;
  size_t files_ = 0;
};

/// A gnuplot string constant. Single quotes: nothing inside is evaluated, so a
/// class name cannot run a command (`...` in double quotes would).
std::string gnuplot_string(std::string_view text);

/// First executable `name` in the folders of PATH; empty when there is none.
std::filesystem::path find_program(std::string_view name);

}  // namespace fer

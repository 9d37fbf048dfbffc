#include "deploy/released_model.h"

#include <cstdlib>
#include <string>

#include "core/error.h"
#include "core/file.h"

namespace fer {

namespace fs = std::filesystem;

std::vector<fs::path> model_folders() {
  std::vector<fs::path> folders;
  if (const char* own = std::getenv("FERBENCH_MODELS"); own && *own)
    folders.push_back(own);
  folders.push_back("models");
  const fs::path program = fs::read_symlink("/proc/self/exe").parent_path();
  folders.push_back(program.parent_path() / "models");
  folders.push_back(program.parent_path() / "share/ferbench/models");
  return folders;
}

fs::path released_model() {
  std::string tried;
  for (const fs::path& folder : model_folders()) {
    tried += (tried.empty() ? "" : ", ") + folder.string();
    const fs::path list = folder / "default.txt";
    if (!fs::is_regular_file(list)) continue;
    const std::string text = read_file(list);
    const fs::path model = folder / text.substr(0, text.find_first_of("\r\n"));
    if (fs::is_regular_file(model)) return model;
    fail<DataError>(
        "[model] expected the released model {}; got no such file. "
        "Name another with --model.",
        model.string());
  }
  fail<DataError>(
      "[model] expected a released model in {}; got none. Name an ONNX file "
      "with --model; `ferbench export RUN` writes one.",
      tried);
}

}  // namespace fer

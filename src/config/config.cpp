#include "config/config.h"

#include "config/bind.h"
#include "config/check.h"
#include "config/extends.h"
#include "config/reader.h"

namespace fer {

namespace {

/// A checked Config from a merged tree; throws all faults found so far, too.
/// `name`: of an experiment that gives itself none.
Config finish(const YamlNode& root, Faults& faults,
              const std::string& name = "") {
  Reader reader(faults);
  Config config;
  bind::from_json(reader.read(root), config);
  if (config.experiment.name.empty()) config.experiment.name = name;
  SettingFaults contradictions = check_settings(config);
  std::erase_if(contradictions, [&](const auto& fault) {
    return !faults.independent(fault.second);
  });
  for (const auto& [key, message] : contradictions) {
    faults.add(reader.position(key), key, message);
  }
  faults.raise();
  return config;
}

}  // namespace

LoadedConfig load_config(const std::filesystem::path& path,
                         const std::vector<std::string>& overrides) {
  Faults faults;
  ExtendingLoader loader(faults);
  YamlNode root = loader.load(path);
  for (const std::string& text : overrides) apply_override(root, text, faults);
  return {finish(root, faults, path.stem().string()), loader.sources()};
}

Config parse_config(const std::string& text, const std::string& name) {
  Faults faults;
  ExtendingLoader loader(faults);
  const YamlNode root = loader.load_text(text, name);
  return finish(root, faults);
}

}  // namespace fer

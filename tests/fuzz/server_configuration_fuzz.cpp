// SPDX-License-Identifier: MIT
// server.yaml: what is loaded can be written, and loading that gives the same.
#include <string>

#include "base/files.hpp"
#include "oracle.hpp"
#include "securityserver/configuration/server_configuration.hpp"
#include "securityserver/configuration/yaml_document.hpp"
#include "support/temporary_directory.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace causeway;
  using namespace causeway::securityserver;
  using fuzz::require;
  static const testing::TemporaryDirectory folder;
  static const std::string file = folder / "server.yaml";
  const std::string text(fuzz::text_of(bytes, size));

  if (const auto root = parse_yaml(text, "input"); root && root->kind == YamlNode::Kind::text) {
    const auto again = parse_yaml(yaml_scalar(root->text), "input");
    require(again.ok() && again->kind == YamlNode::Kind::text && again->text == root->text);
  }
  require(write_file_atomically(file, text).ok());
  const auto loaded = load_configuration(file);
  if (!loaded) {
    require(loaded.error().code == "malformed_server_conf" || loaded.error().code == "io_error");
    return 0;
  }
  const std::string written = export_configuration(**loaded);
  require(write_file_atomically(file, written).ok());
  const auto again = load_configuration(file);
  require(again.ok() && export_configuration(**again) == written);
  return 0;
}

// SPDX-License-Identifier: MIT
// server.yaml: what is loaded can be written, and loading that gives the same.
#include <string>

#include "base/files.hpp"
#include "oracle.hpp"
#include "securityserver/configuration/server_configuration.hpp"
#include "support/temporary_directory.hpp"
#include "yaml/block_yaml.hpp"
#include "yaml/yaml_document.hpp"

namespace {

using namespace causeway;
using namespace causeway::securityserver;

void require_same(const YamlNode& one, const YamlNode& other) {
  fuzz::require(one.kind() == other.kind() && one.text() == other.text());
  const auto items = one.items(), other_items = other.items();
  auto at = other_items.begin();
  for (auto it = items.begin(); it != items.end(); ++it, ++at) {
    fuzz::require(at != other_items.end());
    require_same(*it, *at);
  }
  fuzz::require(at == other_items.end());
  const auto entries = one.entries(), other_entries = other.entries();
  auto entry = other_entries.begin();
  for (auto it = entries.begin(); it != entries.end(); ++it, ++entry) {
    fuzz::require(entry != other_entries.end());
    require_same((*it).key, (*entry).key);
    require_same((*it).value, (*entry).value);
  }
  fuzz::require(entry == other_entries.end());
}

// The mark of a document's beginning is for the general parser alone.
void compare_readers(const std::string& text) {
  const auto block = parse_block_yaml(text);
  if (!block) return;
  const std::string marked = "---\n" + text;
  const auto general = parse_yaml(marked, "input", "malformed");
  fuzz::require(general.ok());
  require_same(block->root(), general->root());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using fuzz::require;
  static const testing::TemporaryDirectory folder;
  static const std::string file = folder / "server.yaml";
  const std::string text(fuzz::text_of(bytes, size));

  if (const auto document = parse_yaml(text, "input", "malformed");
      document && document->root().kind() == YamlKind::text) {
    const std::string written = yaml_scalar(document->root().text());
    const auto again = parse_yaml(written, "input", "malformed");
    require(again.ok() && again->root().kind() == YamlKind::text && again->root().text() == document->root().text());
  }
  compare_readers(text);
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

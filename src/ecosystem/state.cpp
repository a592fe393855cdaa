// SPDX-License-Identifier: MIT
#include "ecosystem/state.hpp"

#include <boost/json.hpp>

#include "base/files.hpp"

namespace causeway::ecosystem {
namespace {

constexpr int kVersion = 2;

}  // namespace

Result<State> read_state(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) return State{};
  const auto text = read_file(file, 64 * 1024);
  if (!text) return text.error();
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(*text, error);
  const boost::json::object* object = error ? nullptr : value.if_object();
  const auto member = [object](const char* name) { return object ? object->if_contains(name) : nullptr; };
  const auto *version = member("version"), *federation = member("federation"), *base = member("base_port"),
             *planned = member("planned_centre"), *complete = member("complete");
  const bool readable = version && *version == kVersion && federation && federation->is_bool() && base &&
                        base->is_int64() && base->as_int64() >= 0 && base->as_int64() <= 65535 && planned &&
                        planned->is_bool() && complete && complete->is_bool();
  if (!readable) {
    return Fault{"malformed_configuration",
                 file.string() + " was not written by this version of causeway up; choose another --dir, or delete it"};
  }
  return State{federation->as_bool(), static_cast<std::uint16_t>(base->as_int64()), planned->as_bool(),
               complete->as_bool()};
}

Result<void> write_state(const std::filesystem::path& file, const State& state) {
  const boost::json::object object{{"version", kVersion},
                                   {"federation", state.federation},
                                   {"base_port", state.base_port},
                                   {"planned_centre", state.planned_centre},
                                   {"complete", state.complete}};
  return write_file_atomically(file, boost::json::serialize(object) + "\n");
}

}  // namespace causeway::ecosystem

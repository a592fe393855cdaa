// SPDX-License-Identifier: MIT
// What a Central Server answers to who reads a whole country: an answer a line, an empty line is
// 404. Every refusal is one that names the server's answer.
#include <string>

#include "country/server_state.hpp"
#include "oracle.hpp"

namespace {

using namespace causeway;

class Script final : public country::AdminApi {
 public:
  explicit Script(std::string_view lines) : lines_(lines) {}
  Result<country::ApiReply> ask(const country::ApiCall&) override {
    if (lines_.empty()) return country::ApiReply{200, "[]"};
    const std::string answer(lines_.substr(0, lines_.find('\n')));
    lines_.remove_prefix(std::min(lines_.size(), answer.size() + 1));
    return country::ApiReply{answer.empty() ? 404 : 200, answer};
  }

 private:
  std::string_view lines_;
};

void require_named(const Fault& fault) {
  fuzz::require(fault.code == "malformed_answer" || fault.code == "api_refused" || fault.code == "not_initialised");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Script api(fuzz::text_of(bytes, size));
  auto whole = country::read_whole_state(api);
  if (!whole) {
    require_named(whole.error());
    return 0;
  }
  std::set<ClientId> members;
  for (const auto& [id, member] : *whole->state.country.members) members.insert(id);
  if (const auto read = country::read_registrations(api, whole->state, members); !read) require_named(read.error());
  return 0;
}

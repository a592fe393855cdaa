// SPDX-License-Identifier: MIT
// Requests to an admin API: nobody comes in without a session's or a key's own secret, and what
// a path names is found in it. The first line is method and target, the others are headers.
#include <array>

#include "admin/gate.hpp"
#include "admin/router.hpp"
#include "base/utf8.hpp"
#include "oracle.hpp"
#include "store/migrations.hpp"
#include "store/sqlite.hpp"

namespace {

using namespace causeway;
using namespace causeway::admin;
using fuzz::require;

constexpr std::array kMigrations{store::Migration{1, "keys", ApiKeys::kSchema, ApiKeys::kSchemaOfPostgres}};
// Of the corpus: what is random elsewhere.
constexpr std::string_view kPassword = "open sesame";

class OneUser : public Users {
 public:
  Result<Names> log_in(const std::string& user, const std::string& password) const override {
    if (user == "ada" && password == kPassword) return Names{"XROAD_SYSTEM_ADMINISTRATOR"};
    return Fault{"login_failed", "no"};
  }
};

struct Door {
  Door() {
    require(store::migrate(*database, kMigrations).ok());
    const auto made =
        keys.create(*database, {"XROAD_SYSTEM_ADMINISTRATOR"}, {"root", {"XROAD_SYSTEM_ADMINISTRATOR"}, {}});
    require(made.ok());
    secret = made->secret;
    session = sessions.begin("ada", {"XROAD_SYSTEM_ADMINISTRATOR"}, start);
    for (const char* path : {"/api/v1/api-keys", "/api/v1/api-keys/{id}", "/api/v1/members/{id}/servers/{server_id}"})
      router.add({"GET", path, {}, {}});
  }

  const Sessions::Clock::time_point start = Sessions::Clock::now();
  const Roles roles{{{"XROAD_SYSTEM_ADMINISTRATOR", {"VIEW_VERSION"}}}};
  ApiKeys keys{roles};
  Sessions sessions;
  OneUser users;
  Gate gate{{*AddressList::parse("0.0.0.0/0"), *AddressList::parse("0.0.0.0/0")}, roles, keys, sessions, users};
  std::unique_ptr<store::Database> database = *store::open_sqlite(":memory:");
  Router router;
  std::string secret;
  Session session;
};

std::string_view line_of(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

net::RequestHead head_of(std::string_view text) {
  net::RequestHead head;
  const std::string_view first = line_of(text);
  const auto space = std::min(first.find(' '), first.size());
  head.method = first.substr(0, space);
  head.target = first.substr(std::min(space + 1, first.size()));
  while (!text.empty()) {
    const std::string_view line = line_of(text);
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos)
      head.headers.add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 2)));
  }
  return head;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  static Door door;
  const auto head = head_of(fuzz::text_of(bytes, size));
  const auto who = door.gate.admit(*door.database, read_knock(head, "127.0.0.1"), door.start);
  if (const auto* caller = std::get_if<Caller>(&who)) {
    // Secrets are random, so that only the password can be guessed.
    require(caller->means == Caller::Means::password && is_below(head.path(), kApiKeysPath));
  } else {
    const int status = std::get<ApiError>(who).status;
    require(status == 401 || status == 403);
  }
  const auto found = door.router.find(head.method, head.path());
  if (const auto* none = std::get_if<Router::NotFound>(&found)) {
    require(none->status == 400 || none->status == 404 || none->status == 405);
  } else {
    for (const auto& [name, value] : std::get<Router::Found>(found).path)
      require(!value.empty() && is_utf8(value) && value.size() <= head.target.size());
  }
  return 0;
}

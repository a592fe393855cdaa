// SPDX-License-Identifier: MIT
// Looking for members and subsystems, among hundreds of thousands. The table client_search has what
// is looked at in them: in lower case, close together, and in the orders that are asked for.
#pragma once

#include <optional>
#include <string>

#include "centralserver/registry/change.hpp"
#include "centralserver/registry/paging.hpp"
#include "domain/identifiers.hpp"

namespace causeway::centralserver {

struct FoundClient {
  ClientId id;
  std::string member_name;
  std::string subsystem_name;  // of a subsystem; may be empty
};

// What is empty or blank is not asked for. Texts are looked for anywhere in a field, in any case.
struct ClientSearch {
  std::string any = {};  // in the name of the member or in a code
  std::string member_name = {}, instance = {}, member_class = {}, member_code = {}, subsystem_code = {};
  std::optional<bool> subsystems = {};              // only these, or only members
  std::optional<ServerId> server = {};              // only its clients
  std::optional<std::string> excluding_group = {};  // only those that are not in it
};

enum class ClientOrder { number, member_name, member_class, member_code, type };

// security_server_not_found. Equal ones are in the order in which they came to be, or the other way
// round with the rest.
Result<Page<FoundClient>> find_clients(const Registry& registry, const ClientSearch& search, ClientOrder order,
                                       const Paging& paging);

// For this library: a member was added or has another name; a subsystem was added.
Result<void> note_for_search(Change& change, std::int64_t client);
// A client goes.
Result<void> forget_for_search(Change& change, std::int64_t client);

}  // namespace causeway::centralserver

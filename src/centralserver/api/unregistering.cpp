// SPDX-License-Identifier: MIT
#include "centralserver/api/unregistering.hpp"

#include "centralserver/api/client_json.hpp"
#include "centralserver/api/server_json.hpp"
#include "centralserver/requests/management_requests.hpp"

namespace causeway::centralserver {

Result<admin::ApiAnswer> unregister_from_server(Change& change, const admin::ApiRequest& request,
                                                const ClientId& client) {
  auto server = decode_server_id(in_path(request, "server_id"));
  if (!server) return server.error();
  if (auto done = remove_client(change, *server, client); !done) return done.error();
  return no_content();
}

}  // namespace causeway::centralserver

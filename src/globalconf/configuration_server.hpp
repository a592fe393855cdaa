// SPDX-License-Identifier: MIT
// Serves published configuration as a Central Server's web server does (trust.md 1.2).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "net/http_server.hpp"

namespace causeway::globalconf {

// /internalconf and /externalconf are the directory of the version that the query asks
// for, by default 2; every other path is a file under `docroot`. GET and HEAD only; files
// are read on the network thread, which suits a laptop's ecosystem.
Result<std::unique_ptr<net::HttpServer>> serve_configuration(net::IoThreads& threads, net::ListenOptions options,
                                                             std::filesystem::path docroot);

// The same with paths of one's own: `file_for` gets path and query of a request and says which
// file below `docroot` is the answer, "" for none.
using FileForRequest = std::function<std::string(std::string_view path, std::string_view query)>;
Result<std::unique_ptr<net::HttpServer>> serve_files(net::IoThreads& threads, net::ListenOptions options,
                                                     std::filesystem::path docroot, FileForRequest file_for);

// The version that a query asks for, all digits; "2" when it asks for none.
std::string_view requested_version(std::string_view query);

// Where under the document root a request leads, "V6/internalconf"; "" for a path that
// would leave it or is not plain.
std::string served_path(std::string_view path, std::string_view query);

}  // namespace causeway::globalconf

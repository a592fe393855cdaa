// SPDX-License-Identifier: MIT
#include "globalconf/configuration_server.hpp"

#include <algorithm>

#include "base/files.hpp"

namespace causeway::globalconf {
namespace {

namespace fs = std::filesystem;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_plain(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_' ||
         c == '/';
}

net::Task<void> serve(net::ServerCall& call, const fs::path& docroot, const FileForRequest& file_for) {
  const net::RequestHead& request = call.head();
  net::ResponseHead response;
  if (request.method != "GET" && request.method != "HEAD") {
    response.status = 405;
    response.headers.add("Allow", "GET, HEAD");
    (void)co_await call.respond(std::move(response), ByteView());
    co_return;
  }
  const std::string path = file_for(request.path(), request.query().value_or(""));
  std::error_code error;
  const fs::path file = docroot / path;
  auto content =
      !path.empty() && fs::is_regular_file(file, error) ? read_file(file) : Result<std::string>(Fault{"not_found", ""});
  response.headers.add("Cache-Control", "no-cache");
  if (!content) {
    response.status = 404;
    (void)co_await call.respond(std::move(response), ByteView());
    co_return;
  }
  response.headers.add("Content-Type", path.ends_with(".xml") ? "text/xml" : "application/octet-stream");
  (void)co_await call.respond(std::move(response), as_bytes(*content));
}

}  // namespace

// The first of the query that is all digits, as the web server's pattern finds it.
std::string_view requested_version(std::string_view query) {
  constexpr std::string_view kName = "version=";
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (!parameter.starts_with(kName)) continue;
    const std::string_view value = parameter.substr(kName.size());
    if (!value.empty() && value.size() <= 9 && std::all_of(value.begin(), value.end(), is_digit)) return value;
  }
  return "2";
}

std::string served_path(std::string_view path, std::string_view query) {
  if (path == "/internalconf" || path == "/externalconf")
    return "V" + std::string(requested_version(query)) + std::string(path);
  const bool plain = path.starts_with('/') && std::all_of(path.begin(), path.end(), is_plain);
  if (!plain || path.find("/.") != std::string_view::npos || path.ends_with(".tmp")) return {};
  return std::string(path.substr(1));
}

Result<std::unique_ptr<net::HttpServer>> serve_files(net::IoThreads& threads, net::ListenOptions options,
                                                     fs::path docroot, FileForRequest file_for) {
  return net::HttpServer::start(threads, std::move(options),
                                [root = std::move(docroot), file_for = std::move(file_for)](net::ServerCall& call) {
                                  return serve(call, root, file_for);
                                });
}

Result<std::unique_ptr<net::HttpServer>> serve_configuration(net::IoThreads& threads, net::ListenOptions options,
                                                             fs::path docroot) {
  return serve_files(threads, std::move(options), std::move(docroot), served_path);
}

}  // namespace causeway::globalconf

// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "signer/management.hpp"
#include "signer/server.hpp"
#include "unit/signer/signer_fixture.hpp"

namespace causeway::signer {

// A signer that runs in this process.
class RunningSigner {
 public:
  RunningSigner() { start(); }
  void start() {
    auto server = SignerServer::start(directory.manager(), {.socket_path = directory.socket()});
    SignerDirectory::must(server);
    server_ = *std::move(server);
  }
  void stop() {
    server_->stop(std::chrono::milliseconds(100));
    server_.reset();
  }
  SignerConnection connect() const {
    auto connection = SignerConnection::open(directory.socket());
    SignerDirectory::must(connection);
    return *std::move(connection);
  }
  SignerDirectory directory;

 private:
  std::unique_ptr<SignerServer> server_;
};

}  // namespace causeway::signer

// SPDX-License-Identifier: MIT
// The signer's socket, and the development CA.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/files.hpp"
#include "hostile_kit.hpp"
#include "signer/protocol.hpp"
#include "support/locations.hpp"

namespace causeway::conformance {
namespace {

using namespace std::chrono_literals;

const char* const kLocal = "process of the same user, the signer's socket";
const char* const kCaller = "caller of the development CA";

class HostileSignerClient : public Hostile {
 protected:
  HostileSignerClient() : Hostile(Country::shared().consumer_directory()) {
    watched_ = Watched(signer_process(), Country::shared().directory() / "ss1-signer.log");
  }
  static std::filesystem::path socket() { return Country::shared().consumer_directory() / "run" / "signer.sock"; }

 private:
  static pid_t signer_process() {
    const int client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket().native().copy(address.sun_path, sizeof address.sun_path - 1);
    ucred peer{};
    socklen_t size = sizeof peer;
    EXPECT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::getsockopt(client, SOL_SOCKET, SO_PEERCRED, &peer, &size), 0);
    ::close(client);
    return peer.pid;
  }
};

TEST_F(HostileSignerClient, Garbage) {
  expect({kLocal, "frames that are none: unknown types, lengths beyond 1 MB, no greeting", "`invalid_request`, closed",
          "at once", 16, "signer connection"});
  for (const std::string& octets :
       {std::string(100, '\xff'), std::string(100, '\0'), std::string("GET / HTTP/1.1\r\n\r\n"),
        signer::encode_frame(signer::FrameType::sign, 1, std::string(100, 'x')),
        signer::encode_hello() + std::string(9, '\xff')}) {
    RawConnection connection(socket());
    connection.send(octets);
    connection.read_all();
  }
}

TEST_F(HostileSignerClient, NonsenseInFrames) {
  expect({kLocal, "requests to sign and to manage that make no sense", "a fault each; the connection stays", "at once",
          16, ""});
  RawConnection connection(socket());
  connection.send(signer::encode_hello());
  EXPECT_FALSE(connection.read_some().empty());
  for (const auto type : {signer::FrameType::sign, signer::FrameType::control})
    for (const std::string& body : {std::string(), std::string(1000, '\xff'), std::string("{\"op\":"),
                                    std::string("{\"op\":\"no such\"}"), std::string(100'000, '[')}) {
      connection.send(signer::encode_frame(type, 7, body));
      EXPECT_FALSE(connection.read_some().empty());
    }
}

TEST_F(HostileSignerClient, AnswersNotTaken) {
  expect({kLocal, "asks without end and takes no answer", "read from no more: 64 requests wait at most",
          "until it reads", 32, ""});
  RawConnection connection(socket());
  connection.send(signer::encode_hello());
  const std::string question = signer::encode_frame(signer::FrameType::control, 1, "{\"op\":\"tokens\"}");
  std::thread asking([&] {
    for (int i = 0; i < 20'000 && connection.send(question); ++i) {
    }
  });
  std::this_thread::sleep_for(2s);
  for (std::size_t taken = 0; taken < 20'000;) {
    const std::string more = connection.read_some();
    if (more.empty()) break;
    taken += more.size();
  }
  connection.end_sending();
  asking.join();
  connection.reset();
}

class HostileCaller : public Hostile {
 protected:
  HostileCaller()
      : Hostile(Country::shared().consumer_directory()), log_(Country::shared().directory() / "test-ca.log") {
    start();
    watched_ = Watched(process_, log_);
  }
  ~HostileCaller() override {
    ::kill(process_, SIGTERM);
    ::waitpid(process_, nullptr, 0);
  }
  std::string ask(const std::string& octets) const {
    RawConnection connection(endpoint_);
    connection.send(octets);
    return outcome_of(connection.read_all());
  }
  static std::string post(const std::string& target, const std::string& type, const std::string& body) {
    return "POST " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  net::Endpoint endpoint_{"127.0.0.1", 0};

 private:
  void start() {
    const std::string program = testing::program();
    const std::string folder = (Country::shared().directory() / "test-ca").string();
    std::filesystem::remove(log_);
    process_ = ::fork();
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const int file = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
      ::dup2(file, 1);
      ::dup2(file, 2);
      ::execl(program.c_str(), program.c_str(), "test-ca", "--dir", folder.c_str(), "--ec", "--port", "0", nullptr);
      ::_exit(127);
    }
    for (int i = 0; i < 600; ++i) {
      const auto text = read_file(log_);
      const auto at = text ? text->find("tsa  http://127.0.0.1:") : std::string::npos;
      if (at != std::string::npos) {
        endpoint_.port = static_cast<std::uint16_t>(std::stoi(text->substr(at + 22)));
        return;
      }
      std::this_thread::sleep_for(100ms);
    }
    throw std::runtime_error("the development CA did not start");
  }

  std::filesystem::path log_;
  pid_t process_ = 0;
};

TEST_F(HostileCaller, Nonsense) {
  expect({kCaller, "requests, forms, OCSP and time-stamp requests that are none",
          "HTTP 400, or an error response of OCSP and TSP", "at once", 16, "was answered with 400"});
  const std::string noise(3000, '\xa5');
  EXPECT_EQ(ask(post("/ca/sign", "application/octet-stream", noise)), "HTTP 400");
  EXPECT_EQ(ask(post("/ca/sign", "multipart/form-data; boundary=B", noise)), "HTTP 400");
  EXPECT_EQ(ask(post("/ca/sign", "multipart/form-data", noise)), "HTTP 400");
  EXPECT_EQ(ask(post("/ocsp", "application/ocsp-request", noise)), "HTTP 200");
  EXPECT_EQ(ask(post("/tsa", "application/timestamp-query", noise)), "HTTP 200");
  EXPECT_EQ(ask("GET /ocsp/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), "HTTP 400");
  EXPECT_EQ(ask(noise), "HTTP 400");
}

TEST_F(HostileCaller, BodyWithoutEnd) {
  expect({kCaller, "a body without end", "HTTP 413", "at once, after 128 KB", 16, "longer than"});
  RawConnection connection(endpoint_);
  connection.send("POST /ca/sign HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  connection.flood(chunk(std::string(65536, 'a')), 256UL << 20);
  EXPECT_EQ(outcome_of(connection.read_all()), "HTTP 413");
}

TEST_F(HostileCaller, CutOff) {
  expect({kCaller, "connections ended or reset in the body", "closed", "at once", 16, "the peer ended the connection"});
  for (int i = 0; i < 10; ++i) {
    RawConnection connection(endpoint_);
    connection.send("POST /ca/sign HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc");
    if (i % 2 == 0) {
      connection.end_sending();
      EXPECT_EQ(connection.read_all(), "");
    } else {
      connection.reset();
    }
  }
}

}  // namespace
}  // namespace causeway::conformance

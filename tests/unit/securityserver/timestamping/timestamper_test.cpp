// SPDX-License-Identifier: MIT
#include "securityserver/timestamping/timestamper.hpp"

#include <fcntl.h>

#include "securityserver/messagelog/open_file.hpp"
#include "securityserver/messagelog/segment_reader.hpp"
#include "securityserver/timestamping/record_stamper.hpp"
#include "testca/server.hpp"
#include "unit/securityserver/timestamping/timestamping_fixture.hpp"

namespace causeway::securityserver {
namespace {

class TimestamperTest : public TimestampingFixture {
 protected:
  Result<Timestamper::Round> round(std::size_t limit = 10'000) {
    if (!client_) client_ = make_client(settings_);
    if (!timestamper_) timestamper_.emplace(log_directory(), *client_);
    return net::block_on(threads_.at(0), timestamper_->run(limit, view_.current(), {service_.url()}));
  }
  Result<void> stamp_now(std::uint64_t record) {
    if (!client_) client_ = make_client(settings_);
    RecordStamper stamper(log_directory(), *client_, view_, *configuration_);
    return net::block_on(threads_.at(0), stamper.stamp(record, signature(record)));
  }
  // Its own octets alone: it stands right before the record.
  void damage_signature_of(std::uint64_t id) {
    const auto segment = SegmentReader::open(log_directory(), 1);
    ASSERT_TRUE(segment);
    std::uint64_t before = 0;
    for (auto frame = *segment->next_frame(0); frame && frame->header.id != id;
         frame = *segment->next_frame(frame->end()))
      before = frame->offset;
    const auto file = OpenFile::open(segment->path(), O_RDWR);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file->write_at(before + FrameHeader::kSize, as_bytes("!")));
  }

  TimestampingSettings settings_;
  std::unique_ptr<TimestampClient> client_;
  std::optional<Timestamper> timestamper_;
};

TEST_F(TimestamperTest, StampsAllThatWaitsWithOneTokenAndProvesEachRecord) {
  open_log();
  log_records(7);
  const auto stamped = round();
  ASSERT_TRUE(stamped) << stamped.error().text;
  EXPECT_EQ(stamped->records, 7U);
  EXPECT_FALSE(stamped->more);
  EXPECT_EQ(service_.requests, 1);
  auto finder = *TimestampFinder::open(log_directory());
  for (std::uint64_t record = 1; record <= 7; ++record)
    EXPECT_TRUE(expect_proof(finder, record, authority_.certificate).is_batch());
  EXPECT_EQ(*timestamper_->waiting(), 0U);
  // Another document under the record's number is not proved.
  EXPECT_EQ(finder.find(3, signature(4)).error().code, "database_error");
  EXPECT_FALSE(*finder.find(8, signature(8)));
}

TEST_F(TimestamperTest, ARecordAloneIsStampedByItsSignatureValue) {
  open_log();
  log_records(1);
  EXPECT_EQ(round()->records, 1U);
  const auto proof = expect_proof(1);
  EXPECT_FALSE(proof.is_batch());
  const auto complete = evidence::with_signature_timestamp(signature(1), proof.token);
  EXPECT_TRUE(complete) << complete.error().text;
}

TEST_F(TimestamperTest, ASignatureWithoutAReadableValueIsStampedAsABatchOfOne) {
  open_log();
  ASSERT_TRUE(net::block_on(threads_.at(0), log_->append(record_signed("<no signature/>"))));
  ASSERT_TRUE(log_->flush_index());
  EXPECT_EQ(round()->records, 1U);
  const auto proof = *TimestampFinder::open(log_directory())->find(1, "<no signature/>");
  ASSERT_TRUE(proof && proof->is_batch());
  EXPECT_TRUE(evidence::verify_timestamp_chain(proof->hash_chain_result, proof->hash_chain, "<no signature/>"));
}

TEST_F(TimestamperTest, AsksNobodyWhenNothingWaits) {
  EXPECT_EQ(round()->records, 0U);  // no log yet
  open_log();
  EXPECT_EQ(round()->records, 0U);
  EXPECT_EQ(service_.requests, 0);
}

TEST_F(TimestamperTest, GoesOnInTheLogsOrderWithinTheLimit) {
  open_log();
  log_records(5);
  EXPECT_EQ(round(2)->records, 2U);
  EXPECT_TRUE(round(2)->more);
  EXPECT_EQ(*timestamper_->waiting(), 1U);
  log_records(1);
  EXPECT_EQ(round(10)->records, 2U);
  for (std::uint64_t record = 1; record <= 6; ++record) expect_proof(record);
}

TEST_F(TimestamperTest, AFailureLeavesEverythingForTheNextRound) {
  open_log();
  log_records(3);
  service_.mood = Mood::garbage;
  EXPECT_EQ(round().error().code, "timestamping_failed");
  EXPECT_EQ(*timestamper_->waiting(), 3U);
  service_.mood = Mood::grants;
  EXPECT_EQ(round()->records, 3U);
  expect_proof(3);
}

TEST_F(TimestamperTest, GoesOnAfterARestart) {
  open_log();
  log_records(3);
  EXPECT_EQ(round()->records, 3U);
  timestamper_.reset();
  client_.reset();
  log_.reset();
  open_log();
  log_records(2);
  EXPECT_EQ(round()->records, 2U);
  for (std::uint64_t record = 1; record <= 5; ++record) expect_proof(record);
}

TEST_F(TimestamperTest, RecordsStampedOutOfTurnAreNotStampedAgainForTheirSakeAlone) {
  open_log();
  log_records(3);
  for (std::uint64_t record = 1; record <= 3; ++record) ASSERT_TRUE(stamp_now(record));
  EXPECT_EQ(round()->records, 0U);
  EXPECT_EQ(service_.requests, 3);
  EXPECT_EQ(*timestamper_->waiting(), 0U);

  log_records(5);  // 4 to 8
  for (const std::uint64_t record : {4, 6, 8}) ASSERT_TRUE(stamp_now(record));
  ASSERT_TRUE(stamp_now(6));  // has one already
  EXPECT_EQ(service_.requests, 6);
  EXPECT_EQ(round()->records, 3U);  // 5 to 7
  EXPECT_EQ(round()->records, 0U);
  EXPECT_EQ(*timestamper_->waiting(), 0U);
  for (std::uint64_t record = 1; record <= 8; ++record) {
    const bool in_turn = record == 5 || record == 7;
    EXPECT_EQ(expect_proof(record).is_batch(), in_turn) << record;
  }
}

TEST_F(TimestamperTest, ALostRecordEndsARangeAndStopsNothing) {
  open_log();
  log_records(5);
  log_.reset();
  damage_signature_of(3);
  const auto first = round();
  ASSERT_TRUE(first) << first.error().text;
  EXPECT_EQ(first->records, 2U);
  EXPECT_TRUE(first->more);
  EXPECT_EQ(round()->records, 2U);
  for (const std::uint64_t record : {1, 2, 4, 5}) expect_proof(record);
  EXPECT_FALSE(is_stamped(3));
}

TEST_F(TimestamperTest, HashesWithTheAlgorithmThatIsConfigured) {
  settings_.algorithm = pki::DigestAlgorithm::sha256;
  open_log();
  log_records(3);
  EXPECT_EQ(round()->records, 3U);
  EXPECT_EQ(pki::read_timestamp(expect_proof(2).token)->algorithm, pki::DigestAlgorithm::sha256);
}

// The development authority, and openssl as the judge of what is kept.
TEST_F(TimestamperTest, OpensslAcceptsTheTokensOfTheDevelopmentAuthority) {
  const auto ca = *testca::TestCa::create(directory_.path() / "ca", {.name = "Dev", .ec_keys = true}, now());
  const auto server = *testca::serve(threads_, *ca, "127.0.0.1", 0);
  const std::string url = testca::urls_of("127.0.0.1", server->port()).tsa;
  write_global_configuration({ca->tsa()});
  open_log();
  log_records(4);
  ASSERT_TRUE(round(3).error().text.find("approved") != std::string::npos);  // the double is a stranger now
  const auto stamped =
      net::block_on(threads_.at(0), timestamper_->run(3, view_.current(), std::vector<std::string>{url}));
  ASSERT_TRUE(stamped) << stamped.error().text;
  const auto alone =
      net::block_on(threads_.at(0), timestamper_->run(3, view_.current(), std::vector<std::string>{url}));
  ASSERT_TRUE(alone) << alone.error().text;

  ASSERT_TRUE(write_file_atomically(directory_ / "roots.pem", ca->root().to_pem()));
  ASSERT_TRUE(write_file_atomically(directory_ / "chain.pem", ca->ca().to_pem()));
  for (const std::uint64_t record : {2, 4}) {
    const auto proof = expect_proof(record, ca->tsa());
    const Bytes stamped_octets =
        proof.is_batch() ? to_bytes(proof.hash_chain_result) : *evidence::stamped_octets(signature(record));
    ASSERT_TRUE(write_file_atomically(directory_ / "data", as_text(stamped_octets)));
    ASSERT_TRUE(write_file_atomically(directory_ / "token", as_text(proof.token)));
    const std::string command = "cd " + directory_.path().string() +
                                " && timeout 60 openssl ts -verify -data data -in token -token_in -CAfile roots.pem "
                                "-untrusted chain.pem > verdict 2>&1";
    EXPECT_EQ(std::system(command.c_str()), 0) << *read_file(directory_ / "verdict");
  }
  server->stop(0ms);
}

}  // namespace
}  // namespace causeway::securityserver

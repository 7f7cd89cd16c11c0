// What every peer in C++ shares: reading vectors, clocks, and the protocol of README.md.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static const int K = 10;

static double wall() { return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count(); }

static double cpu() {
    rusage use;
    getrusage(RUSAGE_SELF, &use);
    return use.ru_utime.tv_sec + use.ru_stime.tv_sec + 1e-6 * (use.ru_utime.tv_usec + use.ru_stime.tv_usec);
}

static double resident() {
    std::ifstream file("/proc/self/statm");
    double total, pages;
    file >> total >> pages;
    return pages * sysconf(_SC_PAGESIZE) / 1048576.0;
}

struct Rows {
    size_t count = 0;
    int width = 0;
    std::vector<float> values;
    const float* at(size_t row) const { return values.data() + row * width; }

    explicit Rows(const char* path) {
        std::ifstream file(path, std::ios::binary);
        int32_t head;
        while (file.read(reinterpret_cast<char*>(&head), 4)) {
            width = head;
            values.resize((count + 1) * width);
            file.read(reinterpret_cast<char*>(&values[count++ * width]), 4L * width);
        }
    }
};

template <class Work> static void onThreads(size_t count, int threads, Work work) {
    std::atomic<size_t> next{0};
    auto loop = [&] { for (size_t i; (i = next++) < count;) work(i); };
    std::vector<std::thread> others;
    for (int t = 1; t < threads; t++) others.emplace_back(loop);
    loop();
    for (auto& other : others) other.join();
}

// A peer is made of base, queries, m, efc, threads, in this order, and has: name, build(), save(path), drop(), load(path), ready(path) before the file goes, set(ef, threads), one(query, ids), all(ids) on all
// threads, evaluations() of all queries.
template <class Peer> static int serve(Peer& peer, const Rows& queries, int threads, const std::string& file) {
    // Some libraries print their progress: the answers keep standard output for themselves.
    FILE* answers = fdopen(dup(1), "w");
    dup2(2, 1);
    fprintf(answers, "{\"system\": \"%s\"}\n", peer.name);
    fflush(answers);
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string verb, target;
        int ef;
        words >> verb;
        if (verb == "build") {
            malloc_trim(0);
            double memory = resident(), began = wall(), used = cpu();
            peer.build();
            double took = wall() - began, burnt = cpu() - used;
            malloc_trim(0);
            memory = resident() - memory;
            began = wall();
            peer.save(file);
            double save = wall() - began;
            struct stat info{};
            stat(file.c_str(), &info);
            peer.drop();
            began = wall();
            peer.load(file);
            double load = wall() - began;
            peer.ready(file);
            unlink(file.c_str());
            fprintf(answers, "{\"build_s\": %.3f, \"build_cpu_s\": %.3f, \"rss_delta_mb\": %.1f, \"save_s\": %.3f, \"index_bytes\": %lld, \"load_s\": %.3f}\n",
                    took, burnt, memory, save, (long long)info.st_size, load);
        } else if (words >> ef >> target) {
            size_t n = queries.count;
            std::vector<int32_t> ids(n * K, -1);
            std::vector<double> times(n);
            peer.set(ef, 1);
            for (size_t i = 0; i < n; i++) peer.one(i, &ids[i * K]);
            double began = wall(), used = cpu();
            for (size_t i = 0; i < n; i++) { double at = wall(); peer.one(i, &ids[i * K]); times[i] = wall() - at; }
            double single = wall() - began, singleCpu = cpu() - used;
            peer.set(ef, threads);
            began = wall();
            used = cpu();
            peer.all(ids.data());
            double many = wall() - began, manyCpu = cpu() - used;
            double evaluations = peer.evaluations();
            std::ofstream(target, std::ios::binary).write(reinterpret_cast<char*>(ids.data()), 4 * ids.size());
            std::sort(times.begin(), times.end());
            fprintf(answers, "{\"qps_1t\": %.1f, \"qps_1t_cpu\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"qps_mt\": %.1f, \"qps_mt_cpu\": %.1f, \"evaluations\": %.1f}\n",
                    n / single, n / singleCpu, times[n / 2] * 1e6, times[n * 99 / 100] * 1e6, n / many, threads * n / manyCpu, evaluations / n);
        }
        fflush(answers);
    }
    return 0;
}

template <class Peer> static int run(int count, char** arguments) {
    if (count != 7) { fprintf(stderr, "usage: %s BASE QUERY M EFC THREADS FOLDER\n", arguments[0]); return 2; }
    Rows base(arguments[1]), queries(arguments[2]);
    const int threads = atoi(arguments[5]);
    Peer peer{base, queries, atoi(arguments[3]), atoi(arguments[4]), threads};
    return serve(peer, queries, threads, std::string(arguments[6]) + "/peer.index");
}

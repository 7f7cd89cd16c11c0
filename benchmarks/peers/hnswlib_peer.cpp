// hnswlib, spoken to as README.md says. g++ -O3 -march=native -ffast-math -std=c++17 -pthread -DNDEBUG
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <hnswlib/hnswlib.h>

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

// The same distance, counted: a second index over the same file uses it, so that the timed one pays nothing.
static size_t evaluations = 0;
struct Space : hnswlib::InnerProductSpace {
    using InnerProductSpace::InnerProductSpace;
    static hnswlib::DISTFUNC<float> plain;
    static float counted(const void* a, const void* b, const void* n) { evaluations++; return plain(a, b, n); }
};
hnswlib::DISTFUNC<float> Space::plain;
struct CountingSpace : Space {
    using Space::Space;
    hnswlib::DISTFUNC<float> get_dist_func() override { plain = InnerProductSpace::get_dist_func(); return counted; }
};

int main(int count, char** arguments) {
    if (count != 7) { fprintf(stderr, "usage: %s BASE QUERY M EFC THREADS FOLDER\n", arguments[0]); return 2; }
    Rows base(arguments[1]), queries(arguments[2]);
    const int m = atoi(arguments[3]), efc = atoi(arguments[4]), threads = atoi(arguments[5]);
    const std::string file = std::string(arguments[6]) + "/hnswlib.index";
    hnswlib::InnerProductSpace space(base.width);
    CountingSpace counting(base.width);
    std::unique_ptr<hnswlib::HierarchicalNSW<float>> index, counted;
    std::cout << "{\"system\": \"hnswlib C++ -march=native\"}" << std::endl;

    auto one = [&](hnswlib::HierarchicalNSW<float>& in, size_t query, int32_t* out) {
        auto found = in.searchKnn(queries.at(query), K);
        for (int i = int(found.size()); !found.empty(); found.pop()) out[--i] = int32_t(found.top().second);
    };
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string verb, target;
        int ef;
        words >> verb;
        if (verb == "build") {
            malloc_trim(0);
            double memory = resident(), began = wall(), used = cpu();
            index.reset(new hnswlib::HierarchicalNSW<float>(&space, base.count, m, efc));
            index->addPoint(base.at(0), 0);
            onThreads(base.count - 1, threads, [&](size_t i) { index->addPoint(base.at(i + 1), i + 1); });
            double took = wall() - began, burnt = cpu() - used;
            malloc_trim(0);
            memory = resident() - memory;
            began = wall();
            index->saveIndex(file);
            double save = wall() - began;
            struct stat info;
            stat(file.c_str(), &info);
            index.reset();
            began = wall();
            index.reset(new hnswlib::HierarchicalNSW<float>(&space, file, false, base.count));
            double load = wall() - began;
            counted.reset(new hnswlib::HierarchicalNSW<float>(&counting, file, false, base.count));
            unlink(file.c_str());
            printf("{\"build_s\": %.3f, \"build_cpu_s\": %.3f, \"rss_delta_mb\": %.1f, \"save_s\": %.3f, \"index_bytes\": %lld, \"load_s\": %.3f}\n",
                   took, burnt, memory, save, (long long)info.st_size, load);
        } else if (words >> ef >> target) {
            size_t n = queries.count;
            std::vector<int32_t> ids(n * K, -1);
            std::vector<double> times(n);
            index->setEf(ef);
            counted->setEf(ef);
            for (size_t i = 0; i < n; i++) one(*index, i, &ids[i * K]);
            double began = wall(), used = cpu();
            for (size_t i = 0; i < n; i++) { double at = wall(); one(*index, i, &ids[i * K]); times[i] = wall() - at; }
            double single = wall() - began, singleCpu = cpu() - used;
            began = wall();
            used = cpu();
            onThreads(n, threads, [&](size_t i) { one(*index, i, &ids[i * K]); });
            double many = wall() - began, manyCpu = cpu() - used;
            evaluations = 0;
            for (size_t i = 0; i < n; i++) one(*counted, i, &ids[i * K]);
            std::ofstream(target, std::ios::binary).write(reinterpret_cast<char*>(ids.data()), 4 * ids.size());
            std::sort(times.begin(), times.end());
            printf("{\"qps_1t\": %.1f, \"qps_1t_cpu\": %.1f, \"p50_us\": %.1f, \"p99_us\": %.1f, \"qps_mt\": %.1f, \"qps_mt_cpu\": %.1f, \"evaluations\": %.1f}\n",
                   n / single, n / singleCpu, times[n / 2] * 1e6, times[n * 99 / 100] * 1e6, n / many, threads * n / manyCpu, double(evaluations) / n);
        }
        fflush(stdout);
    }
}

/** Where WebGPU of a headless Chromium is computed: a graphics card over Vulkan, imitated on the processor, nowhere. */
export type GpuKind = "real" | "imitated" | "none";

/** Arguments of Chromium by kind of GPU. */
export function gpuFlags(gpu: GpuKind): string[] {
  if (gpu === "real")
    return [
      ...["--enable-unsafe-webgpu", "--enable-features=Vulkan", "--use-angle=vulkan", "--disable-vulkan-surface"],
      ...["--ignore-gpu-blocklist", "--enable-dawn-features=vulkan_enable_f16_on_nvidia"]
    ];
  if (gpu === "imitated")
    return [
      "--enable-unsafe-webgpu",
      "--use-webgpu-adapter=swiftshader",
      "--enable-unsafe-swiftshader",
      "--enable-features=Vulkan"
    ];
  return ["--disable-gpu"];
}

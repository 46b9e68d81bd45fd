/** The largest EXIF block that is kept: what a JPEG segment can hold. Only its orientation and resolution are used. */
export const maxExif = 65_535;

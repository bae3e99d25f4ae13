import { z } from 'zod';
import { publicId } from './ids';

export const MAX_ARTIFACT_BYTES = 1_073_741_824;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');
/** A name for people: one path member, no control characters. */
export const FileName = z
  .string()
  .min(1)
  .max(200)
  .refine((name) => !/[\p{Cc}\p{Cs}/\\]/u.test(name) && name !== '.' && name !== '..', 'must be a plain file name');

export const ArtifactResponse = z
  .object({
    id: publicId('art'),
    goalId: publicId('goal').nullable(),
    name: z.string(),
    mediaType: z.string(),
    sizeBytes: z.int().min(0),
    sha256: Sha256,
    createdAt: z.iso.datetime({ offset: true }),
    links: z.object({ content: z.string() }),
  })
  .meta({ id: 'Artifact' });
export type ArtifactResponse = z.output<typeof ArtifactResponse>;

export const ArtifactList = z.object({ data: z.array(ArtifactResponse) }).meta({ id: 'ArtifactList' });
export type ArtifactList = z.output<typeof ArtifactList>;

export const CreateArtifactQuery = z.strictObject({ name: FileName.meta({ examples: ['sales.csv'] }) });
export type CreateArtifactQuery = z.output<typeof CreateArtifactQuery>;

export const ContentQuery = z.strictObject({
  inline: z.enum(['0', '1']).default('0').meta({ description: '1: shown in a browser, sandboxed, not saved' }),
});
export type ContentQuery = z.output<typeof ContentQuery>;

export const CreateUploadRequest = z
  .strictObject({
    name: FileName,
    sizeBytes: z.int().min(0).max(MAX_ARTIFACT_BYTES),
    mediaType: z.string().max(200).optional(),
    sha256: Sha256.optional().meta({ description: 'Checked at the end when given' }),
  })
  .meta({ id: 'CreateUploadRequest' });
export type CreateUploadRequest = z.output<typeof CreateUploadRequest>;

export const UploadResponse = z
  .object({
    id: publicId('upl'),
    name: z.string(),
    sizeBytes: z.int(),
    offset: z.int().meta({ description: 'Bytes that are stored; go on from here' }),
    artifact: ArtifactResponse.nullable().meta({ description: 'Present once the last byte has come' }),
  })
  .meta({ id: 'Upload' });
export type UploadResponse = z.output<typeof UploadResponse>;
